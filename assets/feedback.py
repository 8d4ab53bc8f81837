"""Feedback: for each delivery what its supplier should fix, as a page and a spreadsheet in the home folder.

Counts and a path only: the pack itself names records, so it is not shown here but sent to its supplier.
"""

from collections.abc import Iterable, Sequence

import dagster as dg

from assets.failures import RETRY, no_values_in_errors
from assets.resources import Warehouse
from outcome_linkage.delivery.feedback.kept import KeptPack, keep_packs
from schemas.catalogue import CONTRACTS, Supplier


def build_feedback(suppliers: Iterable[Supplier]) -> list[dg.AssetsDefinition]:
    """The packs of each supplier, made at night after its deliveries were judged."""
    return [_build(supplier) for supplier in suppliers]


def _build(supplier: Supplier) -> dg.AssetsDefinition:
    @dg.asset(
        key=["feedback", supplier.name],
        deps=[["deliveries", supplier.name]],
        group_name="feedback",
        owners=[supplier.owner],
        kinds={"html", "xlsx"},
        retry_policy=RETRY,
        description=f"What {supplier.title} should fix, a pack for each delivery. Send it to nobody else.",
    )
    def feedback(context: dg.AssetExecutionContext, warehouse: Warehouse) -> dg.MaterializeResult[None]:
        with no_values_in_errors(f"feedback/{supplier.name}"):
            packs = keep_packs(supplier, warehouse.home, CONTRACTS)
            newest = packs[-1:] and warehouse.home.root / packs[-1].page
        return dg.MaterializeResult(
            metadata={
                "packs": len(packs),
                "unchanged": all(pack.unchanged for pack in packs),
                "deliveries": dg.MetadataValue.table(_lines(packs)) if packs else "none yet",
                "newest page": dg.MetadataValue.path(str(newest)) if newest else "none yet",
            }
        )

    return feedback


def _lines(packs: Sequence[KeptPack]) -> list[dg.TableRecord]:
    return [
        dg.TableRecord(
            {
                "delivery": pack.delivery,
                "can be used": pack.made.usable,
                "things to fix": sum(pack.made.fixes.values()),
                "rows lost": pack.made.rows_lost,
                "people with faults": pack.made.people,
                "page": pack.page,
            }
        )
        for pack in packs
    ]
