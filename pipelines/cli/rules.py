"""What statutory rules and our own found in each delivery, for the analyst; judged anew on demand."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.app import app, out, print_json, print_table, research_home

if TYPE_CHECKING:
    from outcome_linkage.delivery.manifest import DeliveryId
    from outcome_linkage.delivery.rules.result import RulesResult
    from outcome_linkage.home import Home

COLUMNS = ("rule", "table", "state", "at fault", "of", "people", "may be", "says")


@app.command()
def rules(
    supplier: Annotated[str | None, typer.Option(help="Only this supplier's deliveries.")] = None,
    period: Annotated[str | None, typer.Option(help="Only deliveries of this month, YYYY-MM.")] = None,
    run: Annotated[
        bool, typer.Option("--run", help="Run them where they have not run on these files yet.")
    ] = False,
    rejudge: Annotated[
        bool, typer.Option("--rejudge", help="Judge by rules.yaml as it is now, without running a rule.")
    ] = False,
    every: Annotated[bool, typer.Option("--all", help="Show rules that pass or were skipped too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the results as JSON.")] = False,
) -> None:
    """What rules across rows and tables found in each delivery. They flag rows and reject none."""
    home = research_home()
    results = {
        delivery: _result(home, delivery, run=run, again=rejudge)
        for delivery in _deliveries(home, supplier, period)
    }
    if as_json:
        print_json({str(d): found.model_dump(mode="json") if found else None for d, found in results.items()})
        return
    for delivery, result in results.items():
        _tell(delivery, result, every)


def _deliveries(home: Home, supplier: str | None, period: str | None) -> list[DeliveryId]:
    from outcome_linkage.delivery.manifest import deliveries_below
    from outcome_linkage.delivery.validating.verdict import read_verdict

    return [
        delivery
        for delivery in deliveries_below(home.stage("landing"))
        if supplier in (None, delivery.supplier)
        and period in (None, delivery.period)
        and read_verdict(home, delivery) is not None
    ]


def _result(home: Home, delivery: DeliveryId, *, run: bool, again: bool) -> RulesResult | None:
    from assets.in_force import suppliers_in_force
    from assets.rules import catalogue
    from outcome_linkage.delivery.rules.of_delivery import rejudged, rules_on
    from outcome_linkage.delivery.rules.result import read_result
    from outcome_linkage.warehouse import writer_lock

    if not run and not again:
        return read_result(home, delivery)
    known = catalogue(suppliers_in_force(home, date.today()))
    with writer_lock(home):
        return rules_on(delivery, home, known) if run else rejudged(delivery, home, known)


def _tell(delivery: DeliveryId, result: RulesResult | None, every: bool) -> None:
    if result is None:
        out.print(f"{delivery}: the rules have not run yet. See `outcome-linkage rules --run`.")
        return
    shown = [rule for rule in result.rules if every or rule.state not in ("pass", "skipped")]
    states = ", ".join(f"{count} {state}" for state, count in result.states.items() if count)
    title = f"{delivery}: {states}"
    if not shown:
        out.print(title, highlight=False)
        return
    rows = [
        (
            rule.rule,
            rule.table,
            rule.state,
            rule.failing,
            rule.checked,
            rule.people,
            f"{rule.threshold:.1%}",
            rule.why or rule.says,
        )
        for rule in shown
    ]
    print_table(title, COLUMNS, rows)
