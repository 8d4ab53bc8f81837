"""What the spec of judging leaves out: batches, what a killed process leaves, and faults of our own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandera.polars as pa
import polars as pl
import pytest
from pandera.config import config_context

from outcome_linkage.delivery.manifest import DeliveryId
from outcome_linkage.delivery.receiving.receive import receive
from outcome_linkage.delivery.validating import repeats, validate
from outcome_linkage.delivery.validating.cast import cast
from outcome_linkage.delivery.validating.judge import judge_rows
from outcome_linkage.delivery.validating.validate import validate_frame, validate_table
from outcome_linkage.errors import OutcomeLinkageError
from outcome_linkage.home import Home
from schemas.catalogue import CONTRACTS
from schemas.contract import Contract
from schemas.fields import record_key
from tests.factories import SUPPLIERS, delivery, key, rows

pytestmark = pytest.mark.slow
DEATHS = CONTRACTS["deaths"]


@pytest.fixture
def landed(tmp_path: Path, home: Home) -> DeliveryId:
    """A delivery with a bad row, a copy and a conflict, far apart."""
    frame = rows("deaths", 9, record_key=[key(n) for n in (0, 1, 2, 3, 4, 5, 6, 1, 8)])
    frame = pl.concat([frame, frame.head(1)]).with_columns(
        underlying_cause=pl.Series(["X700"] * 4 + ["x"] + ["X700"] * 5)
    )
    receipt = receive(
        delivery(tmp_path, "bnssg_icb", "2024-05", {"deaths": frame}), home, CONTRACTS, SUPPLIERS
    )
    assert receipt.delivery is not None
    return receipt.delivery


@pytest.mark.parametrize("batch", [1, 2, 3, 7, 10, 1000])
def test_batches_do_not_matter(
    landed: DeliveryId, home: Home, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    """Rows are numbered through, and copies found across batches."""
    monkeypatch.setattr(validate, "BATCH", batch)
    verdict = validate_table(landed, home, DEATHS)
    assert verdict.reasons == {"conflicting_key": 2, "duplicate_row": 1, "wrong_pattern": 1}
    rejected = pl.read_parquet(home.folder("rejected", landed) / "deaths.parquet")
    assert rejected["_row"].to_list() == [2, 5, 8, 10]
    kept = pl.read_parquet(home.folder("validated", landed) / "deaths.parquet")
    assert kept["_row"].to_list() == [1, 3, 4, 6, 7, 9]


def test_what_a_killed_process_left_is_thrown_away(landed: DeliveryId, home: Home) -> None:
    scratch = home.folder("validated", landed) / ".deaths"
    scratch.mkdir(parents=True)
    rows("deaths", 5).write_parquet(scratch / "999999999999.parquet")
    assert validate_table(landed, home, DEATHS).kept == 6
    assert sorted(path.name for path in home.folder("validated", landed).iterdir()) == [
        "deaths.parquet",
        "deaths.verdict.json",
    ]


def test_no_verdict_before_the_files(landed: DeliveryId, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever stops the writing of rows, a table without its files has no verdict."""

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(validate, "_write_kept", killed)
    with pytest.raises(KeyboardInterrupt):
        validate_table(landed, home, DEATHS)
    assert not list(home.root.rglob("*.verdict.json"))


def test_pandera_cannot_be_switched_off() -> None:
    """An environment variable can tell Pandera to accept everything; not here."""
    with config_context(validation_enabled=False):
        _, rejected = validate_frame(rows("deaths", 1, underlying_cause="x"), DEATHS, None)
    assert rejected["reason"].to_list() == ["wrong_pattern"]


class Even(pa.DataFrameModel):
    """A contract with a check that has no reason."""

    record_key: pl.String = record_key()

    @pa.check("record_key")
    def ends_in_zero(cls, data: pa.PolarsData) -> pl.LazyFrame:
        """A rule of this test."""
        return data.lazyframe.select(pl.col(data.key).str.ends_with("0"))


def test_a_check_without_a_reason_is_our_fault_and_says_so() -> None:
    """The message names the check and no value."""
    contract = Contract("even", "health", Even, ("record_key",), "append")
    with pytest.raises(OutcomeLinkageError, match="found ends_in_zero") as error:
        validate_frame(pl.DataFrame({"record_key": ["f" * 32]}), contract, None)
    assert "ffff" not in str(error.value)
    assert error.value.__cause__ is None
    assert error.value.__suppress_context__ or error.value.__context__ is None


def test_faults_of_a_table_without_people_have_no_record_key() -> None:
    frame = rows("police_crimes", 2, ho_offence_code=["x", "1"])
    faults = judge_rows(frame.with_row_index("_row", 1), CONTRACTS["police_crimes"], None).faults
    assert faults["record_key"].to_list()[0] is None
    assert faults.schema["record_key"] == pl.String


def test_tokens_in_text_keep_every_digit() -> None:
    """A float in between would lose the last ones."""
    column = CONTRACTS["link_tokens"].columns["tok_dob"]
    typed, reason = cast(pl.Series(["-9223372036854775808", "9007199254740993"]), column)
    assert typed.to_list() == [-9223372036854775808, 9007199254740993]
    assert reason.is_null().all()


def test_columns_come_in_the_order_of_the_contract() -> None:
    kept, _ = validate_frame(rows("deaths", 1).select(pl.all().reverse()), DEATHS, None)
    assert kept.columns == ["_row", *DEATHS.columns]


def test_a_contract_without_a_key_or_person_compares_whole_rows() -> None:
    contract = replace(CONTRACTS["police_crimes"], primary_key=())
    frame = rows("police_crimes", 2)
    _, rejected = validate_frame(pl.concat([frame, frame.head(1)]), contract, None)
    assert rejected.select("_row", "reason").rows() == [(3, "duplicate_row")]


@pytest.mark.parametrize("n", [0, 1, 4, 5])
def test_kept_rows_come_in_parts_of_the_whole(n: int) -> None:
    """At least one, so that an empty table has a file with its columns."""
    frame = rows("deaths", n, underlying_cause=["X700" if i % 3 else "x" for i in range(n)])
    judged = judge_rows(frame.with_row_index("_row", 1), DEATHS, None)
    parts = list(judged.kept_in_parts(2))
    assert len(parts) == max(1, -(-n // 2))
    assert pl.concat(parts).equals(judged.kept)


def test_repeats_are_found_in_more_rows_than_memory_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DuckDB spills to disk beside the rows."""
    monkeypatch.setattr(repeats, "MEMORY", "32MB")
    many = pl.select(_row=pl.int_range(1, 1_000_001)).with_columns(
        (pl.col("_row").cast(pl.String) if name == "record_key" else pl.lit(None, column.dtype)).alias(name)
        for name, column in DEATHS.columns.items()
    )
    many.write_parquet(tmp_path / "1.parquet")
    many.tail(1).with_columns(_row=pl.col("_row") + 1).write_parquet(tmp_path / "2.parquet")
    found = repeats.repeats_on_disk(tmp_path, DEATHS)
    assert found.select("_row", "record_key", "reason").rows() == [(1_000_001, "1000000", "duplicate_row")]
