"""How good the links are: against a known truth, by pair of suppliers and by ethnic group.

A pair of records of one true person that are one person to us is a true link. Precision is the share of our
links that are true; recall the share of true pairs that we linked. A link that joins two people counts for
the ethnic group of the first of them, in the order of (supplier, record_key).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from duckdb import DuckDBPyConnection

from outcome_linkage.home import Home
from outcome_linkage.warehouse import connect

ALL = "all"


@dataclass(frozen=True)
class Agreement:
    """Counts of pairs of records for a pair of suppliers and an ethnic group; `all` stands for every one.

    `truth`: pairs of one true person; `linked`: pairs that are one person to us; `both`: pairs that are both.
    """

    supplier_a: str
    supplier_b: str
    ethnicity5: str
    truth: int
    linked: int
    both: int

    @property
    def precision(self) -> float | None:
        """Share of links that are true; None when there is no link."""
        return self.both / self.linked if self.linked else None

    @property
    def recall(self) -> float | None:
        """Share of true pairs that are linked; None when there is no true pair."""
        return self.both / self.truth if self.truth else None

    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall; None when there is neither link nor true pair."""
        pairs = self.linked + self.truth
        return 2 * self.both / pairs if pairs else None


def against_truth(home: Home, truth: Path, level: Literal["main", "broad"] = "main") -> list[Agreement]:
    """Compare the registry of `home` with the truth of a generated region.

    `truth` holds records.parquet (supplier, record_key, person) and people.parquet (person, ethnicity5).
    Records that only one of the two knows are left out. The first row is over all suppliers and groups;
    pairs within one supplier are its duplicates and have a row of their own. `level`: whether persons that
    are one only at the broad level count as one.
    """
    person = "l.person_id" if level == "main" else "coalesce(b.broad_person_id, l.person_id)"
    connection = connect()
    try:
        connection.execute(f"attach '{home.registry}' as registry (read_only)")
        connection.execute(f"""
            create table judged as
            select l.supplier, l.record_key, {person} as ours, t.person as truth, p.ethnicity5
            from registry.record_person as l
            join read_parquet('{truth / "records.parquet"}') as t
                on t.supplier = l.supplier and t.record_key = l.record_key
            join read_parquet('{truth / "people.parquet"}') as p on p.person = t.person
            left join registry.person_broad as b on b.person_id = l.person_id
        """)
        return agreements(connection)
    finally:
        connection.close()


def agreements(connection: DuckDBPyConnection) -> list[Agreement]:
    """Count pairs in table `judged` (supplier, record_key, ours, truth, ethnicity5); see `against_truth`."""
    rows = connection.execute(f"""
        with pair as (
            {_pairs("truth", "ours")} union all {_pairs("ours", "truth")}
        )
        select
            case when grouping(supplier_a) = 1 then '{ALL}' else supplier_a end,
            case when grouping(supplier_b) = 1 then '{ALL}' else supplier_b end,
            case when grouping(ethnicity5) = 1 then '{ALL}' else ethnicity5 end,
            count(*) filter (kind = 'truth'),
            count(*) filter (kind = 'ours'),
            count(*) filter (kind = 'ours' and agreed)
        from pair
        group by grouping sets (
            (), (supplier_a, supplier_b), (ethnicity5), (supplier_a, supplier_b, ethnicity5)
        )
        order by grouping(supplier_a) desc, grouping(ethnicity5) desc, 1, 2, 3
    """).fetchall()
    return [Agreement(*row) for row in rows]


def _pairs(kind: str, other: str) -> str:
    """Every pair of records that `kind` takes for one person, and whether `other` agrees."""
    return f"""
        select '{kind}' as kind, a.supplier as supplier_a, b.supplier as supplier_b, a.ethnicity5,
            a.{other} = b.{other} as agreed
        from judged as a join judged as b on a.{kind} = b.{kind}
        and (a.supplier, a.record_key) < (b.supplier, b.record_key)
    """
