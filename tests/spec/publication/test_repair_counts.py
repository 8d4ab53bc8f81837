"""The table of repairs.

Every night one small table says how many rows each rule changed or left out on their way into spells, by
supplier, so that a researcher sees what was made of the data.
"""

from __future__ import annotations

import duckdb
import pytest

from outcome_linkage.evaluation.counts_table import build_counts
from outcome_linkage.evaluation.repairs import REPAIR_COUNTS, met, repair_counts
from outcome_linkage.models.engine import ModelFailed, Record, write_records
from outcome_linkage.release.publication import check_publication, load_publication
from tests.spec.models.region import REPOSITORY


@pytest.fixture
def counted() -> duckdb.DuckDBPyConnection:
    """Three rules at one supplier: one met 3 rows, one 112, one none."""
    connection = duckdb.connect()
    connection.execute(
        "create table int_repair_count as select * from (values "
        "('SP-CIN-01', 'bristol', 'cin_referrals', 'left_out', 112, 98, 861), "
        "('SP-CIN-02', 'bristol', 'cin_referrals', 'left_out', 3, 3, 861), "
        "('SP-CIN-03', 'bristol', 'cin_referrals', 'moved', 0, 0, 861)"
        ") as t (rule, supplier, source_table, effect, n_rows, n_people, n_looked_at)"
    )
    return connection


def test_few_rows_are_hidden_and_none_is_said_to_be_none(counted: duckdb.DuckDBPyConnection) -> None:
    """Other counts are rounded: that a rule met no row is worth knowing."""
    rows = repair_counts(counted).select("rule", "n_rows", "n_rows_hidden", "n_people", "n_looked_at").rows()
    assert rows == [
        ("SP-CIN-01", 110, False, 100, 860),
        ("SP-CIN-02", None, True, None, 860),
        ("SP-CIN-03", 0, False, 0, 860),
    ]


def test_status_and_the_user_interface_show_the_rules_that_met_a_row(
    counted: duckdb.DuckDBPyConnection,
) -> None:
    """Of a hidden count they say no more than that it is small."""
    with pytest.raises(ModelFailed, match="not built yet"):
        build_counts(counted, REPAIR_COUNTS, "one")
    write_records(counted, [Record("int_repair_count", "f1", "d1", 3, "one")])
    assert not build_counts(counted, REPAIR_COUNTS, "one").unchanged
    assert met(counted) == [
        ("SP-CIN-01", "cin_referrals", "bristol", "110", "860"),
        ("SP-CIN-02", "cin_referrals", "bristol", "1 to 7", "860"),
    ]
    assert build_counts(counted, REPAIR_COUNTS, "two").unchanged


def test_all_of_it_may_be_published() -> None:
    """It is on the publication list, whole, and the list stands."""
    publication = load_publication(REPOSITORY / "dbt_like_sql" / "publication.yaml")
    check_publication(publication)
    assert publication[REPAIR_COUNTS.name] == tuple(REPAIR_COUNTS.columns)
