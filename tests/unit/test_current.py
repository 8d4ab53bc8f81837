"""The SQL of current rows: odd paths, and files validated under an older contract."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from outcome_linkage.delivery.manifest import DeliveryId
from outcome_linkage.delivery.validating.current import CurrentFile, current_rows, current_sql
from outcome_linkage.warehouse import connect
from schemas.catalogue import CONTRACTS
from tests.factories import rows

DEATHS = CONTRACTS["deaths"]


def validated(path: Path, period: str, frame: pl.DataFrame, mode: str = "append") -> CurrentFile:
    """A validated file as the pipeline would have written it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    origin = {"_supplier": "bnssg_icb", "_period": period, "_delivery": "001", "_file": "deaths.parquet"}
    numbered = frame.with_columns(**{name: pl.lit(value) for name, value in origin.items()})
    numbered.with_columns(_row=pl.int_range(1, pl.len() + 1)).write_parquet(path)
    delivery = DeliveryId(period, "001", "bnssg_icb")
    return CurrentFile(
        "deaths",
        "bnssg_icb",
        delivery,
        path,
        frame.height,
        None,
        None,
        None,
        mode,  # type: ignore[arg-type]
    )


def read(*files: CurrentFile) -> pl.DataFrame:
    """The current rows of some files, in order."""
    with connect() as connection:
        sql = f"select * from ({current_sql(DEATHS, files)}) as t order by _period, _row"
        return connection.sql(sql).pl()


@pytest.mark.parametrize("folder", ["it's", "a[1]", "star*", "what?", "{x}", "a b", "supplier=me"])
def test_a_path_is_never_a_pattern(tmp_path: Path, folder: str) -> None:
    validated(tmp_path / "a1" / "deaths.parquet", "2024-04", rows("deaths", 7))
    file = validated(tmp_path / folder / "deaths.parquet", "2024-05", rows("deaths", 2))
    assert read(file).height == 2


def test_a_column_that_came_to_the_contract_later_is_null(tmp_path: Path) -> None:
    """Also when no file has it yet; a column that left the contract is not read."""
    older = rows("deaths", 2).drop("underlying_cause").with_columns(place=pl.lit("x"))
    file = validated(tmp_path / "old" / "deaths.parquet", "2024-05", older)
    assert read(file)["underlying_cause"].to_list() == [None, None]
    assert "place" not in read(file).columns


def test_a_type_that_changed_is_the_contracts(tmp_path: Path) -> None:
    older = rows("deaths", 1).with_columns(death_date=pl.lit("2023-04-01"))
    file = validated(tmp_path / "old" / "deaths.parquet", "2024-05", older)
    assert read(file)["death_date"].to_list() == [date(2023, 4, 1)]


def test_files_may_come_in_any_order(tmp_path: Path) -> None:
    files = [
        validated(tmp_path / period / "deaths.parquet", period, rows("deaths", n))
        for period, n in (("2024-05", 3), ("2024-06", 2), ("2024-07", 1))
    ]
    assert current_rows(DEATHS, files) == current_rows(DEATHS, files[::-1])
    assert list(current_rows(DEATHS, files).values()) == [1, 1, 1]


def test_counting_reads_no_file_whose_rows_all_hold(tmp_path: Path) -> None:
    """A single delivery is counted from its verdict: its file need not even be readable."""
    file = validated(tmp_path / "one" / "deaths.parquet", "2024-05", rows("deaths", 3))
    file.path.unlink()
    assert current_rows(DEATHS, [file]) == {file.delivery: 3}
