"""Agreements: which tables may be used tonight, told by a report and two checks, and the daily purge.

What is blocked is left out by whoever reads (`Warehouse.suppliers`); here it is made visible.
"""

from collections.abc import Iterator, Sequence

import dagster as dg

from assets.failures import RETRY, no_values_in_errors
from assets.in_force import purge_home, table_states
from assets.resources import Warehouse
from outcome_linkage.agreements.destruction import RECORD
from outcome_linkage.agreements.in_force import State
from outcome_linkage.agreements.report import REPORT, ending_soon, write_report
from schemas.agreements import load_agreements

IN_FORCE = dg.AssetKey(["agreements", "in_force"])
PURGE = dg.AssetKey(["purge", "destroyed"])
OWNERS = ["team:analysts"]
_ALL, _SOON, _NOTHING_LEFT = "every_table_in_force", "no_agreement_ends_soon", "nothing_is_out_of_reach"


@dg.asset(
    key=IN_FORCE,
    group_name="agreements",
    owners=OWNERS,
    retry_policy=RETRY,
    description=(
        "Which tables of which supplier an agreement lets us read on the run date, and what stands in the "
        f"way of the others. In `{REPORT}` of the home."
    ),
    check_specs=[
        dg.AssetCheckSpec(_ALL, asset=IN_FORCE, description="No table of the catalogue is blocked."),
        dg.AssetCheckSpec(_SOON, asset=IN_FORCE, description="No agreement or review ends within 60 days."),
    ],
)
def in_force(
    context: dg.AssetExecutionContext, warehouse: Warehouse
) -> Iterator[dg.AssetCheckResult | dg.MaterializeResult[None]]:
    """Judge every agreement on the run date."""
    home = warehouse.home
    with no_values_in_errors("agreements/in_force"):
        found = table_states(home, warehouse.today)
        invented = load_agreements(home.root).invented
        unchanged = write_report(home, found, invented)
    kept_out = [state for state in found if state.state != "in force"]
    yield _result(_ALL, kept_out, dg.AssetCheckSeverity.ERROR)
    yield _result(_SOON, ending_soon(found, warehouse.today), dg.AssetCheckSeverity.WARN)
    yield dg.MaterializeResult(
        metadata={
            "unchanged": unchanged,
            "run date": warehouse.today.isoformat(),
            "tables": len(found),
            "kept out": len(kept_out),
            "agreements": "invented, for the demo" if invented else "those of this installation",
        }
    )


def _result(name: str, found: Sequence[State], severity: dg.AssetCheckSeverity) -> dg.AssetCheckResult:
    tables = {f"{state.supplier}, {state.table}": state.words for state in found}
    return dg.AssetCheckResult(
        check_name=name, passed=not found, severity=severity, metadata={"tables": tables}
    )


@dg.asset(
    key=PURGE,
    group_name="purge",
    owners=OWNERS,
    description=(
        "Destroys what has lain longer than agreements let it, and rewrites every file without people who "
        f"withdrew, backups included. The record is `{RECORD}` of the home."
    ),
    check_specs=[
        dg.AssetCheckSpec(
            _NOTHING_LEFT, asset=PURGE, description="Everything on disk could be judged and reached."
        ),
    ],
)
def destroyed(
    context: dg.AssetExecutionContext, warehouse: Warehouse
) -> Iterator[dg.AssetCheckResult | dg.MaterializeResult[None]]:
    """Purge the home as on the run date."""
    with no_values_in_errors("purge/destroyed"):
        purged = purge_home(warehouse.home, warehouse.today)
    yield dg.AssetCheckResult(
        check_name=_NOTHING_LEFT,
        passed=not purged.left,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"left": list(purged.left)},
    )
    yield dg.MaterializeResult(
        metadata={
            "unchanged": not purged.destroyed,
            "run date": warehouse.today.isoformat(),
            "files": len(purged.destroyed),
            "rows": purged.rows,
            "files by rule": purged.rules,
        }
    )


AGREEMENTS = [in_force, destroyed]
