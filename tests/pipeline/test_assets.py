"""Single assets and the sensor, materialised by Dagster on a home of their own."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import duckdb
import pytest

from assets.failures import no_values_in_errors
from assets.models import LINKS, build_model, column_deps
from assets.resources import HomeFolder, Warehouse
from outcome_linkage.delivery.manifest import DeliveryId
from outcome_linkage.delivery.receiving.receive import receive
from outcome_linkage.home import Home
from outcome_linkage.models.graph import build_graph
from outcome_linkage.models.sql_file import SqlTest, generated_tests, load_models
from pipelines.instance import fail_dead_runs, opened
from pipelines.sensors import DELIVERY_TAG, arrivals
from schemas.catalogue import CONTRACTS
from tests.factories import SUPPLIERS, delivery, rows

MODEL = """-- One row per number.
-- grain: n
-- columns:
--   n: A number. | not null
select unnest({numbers}) as n
"""


@pytest.fixture
def sql(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of models in place of the project's."""
    monkeypatch.setattr("assets.resources.SQL", tmp_path / "sql")
    return tmp_path / "sql"


def _materialise(home: Home, folder: Path, numbers: str) -> dg.ExecuteInProcessResult:
    (folder / "marts").mkdir(parents=True, exist_ok=True)
    (folder / "marts" / "numbers.sql").write_text(MODEL.format(numbers=numbers), encoding="utf-8")
    models = load_models(folder)
    model = models["numbers"]
    small = SqlTest(
        "small", "numbers", "tests", "Numbers are below ten.", "select n from numbers where n >= 10"
    )
    asset = build_model(build_graph(models), model, [*generated_tests(model), small])
    with dg.DagsterInstance.ephemeral() as instance:
        return dg.materialize(
            [asset], resources={"warehouse": Warehouse.at(home.root)}, instance=instance, raise_on_error=False
        )


def _numbers(home: Home) -> list[int]:
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        return [row[0] for row in connection.execute("select n from numbers order by n").fetchall()]


def test_a_column_of_two_tables_of_linkage_names_linkage_once() -> None:
    """The UI refuses a column that is made of the same one twice."""
    origins = {("registry.tombstones", "person_id"), ("registry.record_person", "person_id")}
    assert column_deps(origins) == [dg.TableColumnDep(asset_key=LINKS, column_name="person_id")]


def test_a_model_that_breaks_a_promise_leaves_the_last_good_table(home: Home, sql: Path) -> None:
    """The check says which promise and how many rows; the table stays; nothing after it is built."""
    assert _materialise(home, sql, "[1, 2]").success
    broken = _materialise(home, sql, "[1, 1, 99]")
    assert not broken.success
    verdicts = {
        e.check_name: (e.passed, e.metadata["failing rows"].value)
        for e in broken.get_asset_check_evaluations()
    }
    assert verdicts["grain_is_unique"] == (False, 1)
    assert verdicts["small"] == (False, 1)
    assert verdicts["not_null"] == (True, 0)
    assert _numbers(home) == [1, 2]


def test_an_unchanged_model_is_not_built_again(home: Home, sql: Path) -> None:
    """Its metadata say so, and its checks still stand."""
    _materialise(home, sql, "[1, 2]")
    again = _materialise(home, sql, "[1, 2]")
    (event,) = again.get_asset_materialization_events()
    assert event.step_materialization_data.materialization.metadata["unchanged"].value is True
    assert all(evaluation.passed for evaluation in again.get_asset_check_evaluations())


def test_columns_and_their_origin_are_told_to_the_ui(home: Home, sql: Path) -> None:
    """Types come from DuckDB, words from the header."""
    result = _materialise(home, sql, "[1]")
    (event,) = result.get_asset_materialization_events()
    schema = event.step_materialization_data.materialization.metadata["dagster/column_schema"].value
    assert [(c.name, c.type, c.description) for c in schema.columns] == [("n", "integer", "A number.")]


@pytest.fixture
def waiting(home: Home, tmp_path: Path) -> DeliveryId:
    """A delivery that was received and has no verdict."""
    folder = delivery(tmp_path / "sent", "bnssg_icb", "2026-10", {"deaths": rows("deaths", 3)})
    there = receive(folder, home, CONTRACTS, SUPPLIERS).delivery
    assert there is not None
    return there


def _sense(home: Home, instance: dg.DagsterInstance) -> dg.SensorResult | dg.SkipReason:
    context = dg.build_sensor_context(
        instance=instance, resources={"home_folder": HomeFolder(root=str(home.root))}
    )
    result = arrivals(context)
    assert isinstance(result, dg.SensorResult | dg.SkipReason)
    return result


def test_an_arrival_asks_for_one_run_of_its_own_tables(home: Home, waiting: DeliveryId) -> None:
    """The run key names supplier, period, number and attempt; the partition is made known."""
    with dg.DagsterInstance.ephemeral() as instance:
        result = _sense(home, instance)
    assert isinstance(result, dg.SensorResult) and result.run_requests
    (request,) = result.run_requests
    assert request.run_key == "bnssg_icb|2026-10|001|1"
    assert {key.to_user_string() for key in request.asset_selection or []} == {
        "landing/deaths",
        "validated/deaths",
    }
    assert [list(r.partition_keys) for r in result.dynamic_partitions_requests or []] == [
        ["2026-10"],
        ["bnssg_icb"],
    ]


def test_a_delivery_is_tried_three_times_and_not_twice_at_once(home: Home, waiting: DeliveryId) -> None:
    """A used run key never runs again, so each attempt has its own."""
    with dg.DagsterInstance.ephemeral() as instance:
        for attempt in (1, 2, 3):
            result = _sense(home, instance)
            assert isinstance(result, dg.SensorResult) and result.run_requests
            assert (result.run_requests[0].run_key or "").endswith(f"|{attempt}")
            run = instance.create_run_for_job(_empty_job(), tags={DELIVERY_TAG: str(waiting)})
            assert isinstance(_sense(home, instance), dg.SkipReason)
            instance.report_run_failed(run)
        assert isinstance(_sense(home, instance), dg.SkipReason)


def _empty_job() -> dg.JobDefinition:
    @dg.job
    def delivery_of_a_test() -> None:
        """Stands for a run that was asked for."""

    return delivery_of_a_test


def test_a_started_run_whose_process_is_gone_is_marked_as_failed(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody holds the writer's lock, so nobody is running: the queue is not blocked for ever."""
    monkeypatch.setattr("pipelines.instance.SECONDS_TO_LOCK", 0)
    with opened(home) as instance:
        run = instance.create_run_for_job(_empty_job(), status=dg.DagsterRunStatus.STARTED)
        assert fail_dead_runs(home, instance) == 1
        found = instance.get_run_by_id(run.run_id)
    assert found is not None and found.status is dg.DagsterRunStatus.FAILURE


def test_an_error_of_a_library_is_told_without_its_message() -> None:
    """DuckDB quotes the value that it could not convert; the event log must not."""
    with pytest.raises(dg.Failure) as failure, no_values_in_errors("a step"):
        duckdb.sql("select 'Zebulonia'::integer").fetchall()
    said = failure.value.description or ""
    assert "ConversionException" in said and "Zebulonia" not in said
    assert failure.value.__cause__ is None and failure.value.__suppress_context__
