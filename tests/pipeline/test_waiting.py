"""A night leaves out what waits for its first delivery, and makes it as soon as that has come."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest

from assets.resources import REFERENCE, HomeFolder, house_models
from outcome_linkage.delivery.receiving.receive import receive
from outcome_linkage.delivery.validating.validate import validate_table
from outcome_linkage.delivery.validating.verdict import pending
from outcome_linkage.evaluation.load import SHIPPED, VARIABLE, load_folder
from outcome_linkage.home import Home
from outcome_linkage.models.engine import build_together, records
from outcome_linkage.models.sources import Sources
from outcome_linkage.models.waiting import waiting
from outcome_linkage.warehouse import connect
from pipelines.definitions import build_defs
from pipelines.instance import opened
from pipelines.studies import studies_of
from pipelines.tonight import waiting_in
from schemas.catalogue import CONTRACTS, load_suppliers
from tests import factories
from tests.command import command_line

COUNCIL, POLICE = "ssda903_episodes", "police_custody_arrests"
ITS_TABLES = {COUNCIL: "stg_local_authority__ssda903_episodes", POLICE: "stg_police__police_custody_arrests"}


def deliver(home: Home, folder: Path, supplier: str, table: str) -> None:
    """Receive three rows of a table."""
    tables = {table: factories.rows(table, 3, 2024)}
    sent = factories.delivery(folder, supplier, "2024-07", tables, collection_year=2024)
    assert receive(sent, home, CONTRACTS, load_suppliers()).status == "received"


def made_in_the_last_night(home: Home) -> set[str]:
    """The assets that it materialised."""
    with opened(home) as instance:
        (last,) = instance.get_run_records(dg.RunsFilter(job_name="nightly"), limit=1)
        events = instance.all_logs(last.dagster_run.run_id, of_type=dg.DagsterEventType.ASSET_MATERIALIZATION)
    keys = (event.dagster_event.asset_key for event in events if event.dagster_event)
    return {key.to_user_string() for key in keys if key}


@pytest.mark.slow
def test_nothing_can_be_in_what_waits(run_once: Home) -> None:
    """Everybody is known to linkage and no delivery may be read: tables that wait are empty."""
    graph = house_models()
    with connect() as connection:
        sources = Sources(run_once, CONTRACTS, {}, REFERENCE)
        sources.attach(connection)
        build_together(connection, [(graph.models[name], ()) for name in graph.order], sources, "run")
        rows = {name: record.rows for name, record in records(connection).items()}
    assert rows["person"] > 0
    assert not any(rows[name] for name in waiting(graph, ()))


@pytest.mark.slow
def test_tables_and_studies_join_the_night_that_follows_their_first_delivery(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until then the tables stand empty for whoever reads them, and a study says what it waits for."""
    monkeypatch.setenv(VARIABLE, str(SHIPPED))
    deliver(home, tmp_path / "sent", "bristol", COUNCIL)
    assert command_line(home, "run").returncode == 0
    made = made_in_the_last_night(home)
    assert ITS_TABLES[COUNCIL] in made and "adversity_outcome" in made
    assert ITS_TABLES[POLICE] not in made and not any(name.startswith("ev_many_needs") for name in made)
    assert query_rows(home, ITS_TABLES[POLICE]) == 0
    states = {one.study: one.state for one in studies_of(home)}
    assert "waits for the first delivery of" in states["many_needs"] and POLICE in states["many_needs"]

    deliver(home, tmp_path / "sent", "avon_somerset_police", POLICE)
    assert command_line(home, "run").returncode == 0
    assert ITS_TABLES[POLICE] in made_in_the_last_night(home)
    assert query_rows(home, ITS_TABLES[POLICE]) == 3


def test_what_was_refused_still_waits(home: Home, tmp_path: Path) -> None:
    """A first delivery of which nothing could be used brings no table and no study into the night."""
    wrong = factories.rows(POLICE, 3, record_key="no key")
    sent = factories.delivery(tmp_path, "avon_somerset_police", "2024-07", {POLICE: wrong})
    receive(sent, home, CONTRACTS, load_suppliers())
    assert ITS_TABLES[POLICE] not in waiting_in(home, ()).models  # not judged yet: tonight may bring it
    (delivery,) = pending(home)
    validate_table(delivery, home, CONTRACTS[POLICE])
    assert ITS_TABLES[POLICE] in waiting_in(home, ()).models


def query_rows(home: Home, table: str) -> int:
    """The rows of a table of the warehouse."""
    with connect(home.warehouse, read_only=True) as connection:
        return int(connection.execute(f"select count(*) from {table}").fetchall()[0][0])


def test_the_schedules_ask_for_what_the_command_makes(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same assets and checks, without what waits; `nightly` can be run with these."""
    monkeypatch.setenv(VARIABLE, str(SHIPPED))
    deliver(home, tmp_path / "sent", "bristol", COUNCIL)
    defs = build_defs(home)
    repository = defs.get_repository_def()
    (schedule,) = (one for one in repository.schedule_defs if one.name == "relink_on_sundays")
    own = {"home_folder": HomeFolder(root=str(home.root))}
    with dg.build_schedule_context(repository_def=repository, resources=own) as context:
        (asked,) = schedule.evaluate_tick(context).run_requests or ()
    chosen = repository.get_job("nightly").get_subset(
        asset_selection=frozenset(asked.asset_selection or ()),
        asset_check_selection=frozenset(asked.asset_check_keys or ()),
    )
    night = build_defs(home, for_tonight=True).resolve_job_def("nightly")
    assert chosen.asset_layer.executable_asset_keys == night.asset_layer.executable_asset_keys
    assert {node.name for node in chosen.nodes} == {node.name for node in night.nodes}
    assert dg.validate_run_config(chosen, asked.run_config)
    left_out = waiting_in(home, load_folder(SHIPPED))
    assert ITS_TABLES[POLICE] in left_out.models and POLICE in left_out.studies["ev_many_needs"]
