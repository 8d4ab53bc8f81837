"""How many links are expected to be right: by the model's own probability, and by what keys have earned.

A link of the model with weight w (log2 odds) is right with probability 1 / (1 + 2^-w). A link of a key pass
counts as right as often as the held-out strong ids found that pass to be; passes that too few ids can judge
borrow from all key passes together. Strong ids cannot judge themselves: theirs is 0.99995, as measured when
the rule was made (linkage.md, stage 0). Links within one supplier are left out, and so are
those of keys where no strong id can judge any.
"""

from __future__ import annotations

from collections.abc import Iterable

from duckdb import DuckDBPyConnection

from outcome_linkage.linkage_quality.figures import ALL, Figure
from outcome_linkage.linkage_quality.people import CHARACTERISTICS
from outcome_linkage.linkage_quality.process import STAGE_OF_PASS

STRONG_ID = 0.99995
FEWEST_TO_JUDGE_A_PASS = 30


def expected_precision(connection: DuckDBPyConnection, judged: Iterable[Figure]) -> list[Figure]:
    """`expected_right`: links of records expected to be right (rounded), of all, overall and by whom.

    `judged`: the figures of held-out ids, of which those by pass are read. Needs `record_stage` and `people`.
    """
    _price_passes(connection, [f for f in judged if f.measure == "precision" and f.by == "pass" and f.of])
    said = ", ".join(f"p.{name}" for name in CHARACTERISTICS)
    connection.execute(f"""
        create or replace temp table expected as
        select case when k.weight is not null then 1 / (1 + pow(2.0, -k.weight)) else pass.p end as right,
            r.supplier, {said}
        from record_stage as s
        join known_weight as k on k.record = s.record
        join record as r on r.record = s.record
        join people as p on p.record = s.record
        cross join (select p from pass_worth where pass = '{ALL}') as pooled
        left join pass_worth as w on w.pass = s.pass
        cross join lateral (select coalesce(w.p, pooled.p) as p) as pass
        where s.stage not in ('none', 'D')
    """)
    result = []
    for by in (ALL, *CHARACTERISTICS):
        group = f"'{ALL}'" if by == ALL else f"coalesce({by}, 'not known')"
        rows = connection.execute(
            f'select {group} as grp, coalesce(round(sum("right")), 0)::bigint, count("right") '
            "from expected group by grp "
            "order by grp"
        ).fetchall()
        result += [Figure("expected_right", ALL, by, *row) for row in rows]
    return result


def _price_passes(connection: DuckDBPyConnection, judged: list[Figure]) -> None:
    """Table `pass_worth` (pass, p): the chance that a link of the pass is right; `all` for the others."""
    right, of = sum(f.n for f in judged), sum(f.of or 0 for f in judged)
    worth = {ALL: right / of if of else None}
    worth |= {f.group: f.share for f in judged if (f.of or 0) >= FEWEST_TO_JUDGE_A_PASS}
    worth |= {name: STRONG_ID for name, stage in STAGE_OF_PASS.items() if stage == "0"}
    connection.execute("create or replace table pass_worth (pass varchar, p double)")
    connection.executemany("insert into pass_worth values (?, ?)", [list(item) for item in worth.items()])
