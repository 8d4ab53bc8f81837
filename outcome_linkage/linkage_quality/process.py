"""What the linkage did: links by pass and stage, what keys left, what was refused, whose id changed."""

from __future__ import annotations

import json

from duckdb import DuckDBPyConnection

from outcome_linkage.linkage.candidates import usable_passes
from outcome_linkage.linkage.evidence import DUPLICATE_BY_MODEL
from outcome_linkage.linkage.passes import DUPLICATES, PASSES, Pass
from outcome_linkage.linkage.residual import PASS as MODEL
from outcome_linkage.linkage_quality.figures import ALL, Figure
from outcome_linkage.linkage_quality.people import SUPPLIER_PAIR, figures

STAGES: dict[str, str] = {
    "0": "strong id",
    "D": "duplicates of one supplier",
    "1": "keys with place",
    "2": "keys without place",
    "3": "keys with one error",
    "4": "model",
    "none": "linked to nobody",
}
STAGE_OF_PASS: dict[str, str] = {rule.name: rule.stage for rule in (*PASSES, *DUPLICATES)} | {
    DUPLICATE_BY_MODEL: "D"
}


def measure_process(connection: DuckDBPyConnection) -> list[Figure]:
    """Figures of the last run; needs the tables of `load_known` and the attached `registry`.

    Sets `identity.unit` to the groups of duplicates that the registry knows.
    """
    _name_stages(connection)
    return [
        *_links(connection),
        *_refused(connection),
        *_changes(connection),
        *_candidates(connection),
        *_pairs_by_block(connection),
        *_relatives(connection),
    ]


def _name_stages(connection: DuckDBPyConnection) -> None:
    """Table `record_stage` (record, person_id, pass, stage, level): what is said of each record."""
    cases = " ".join(f"when '{name}' then '{stage}'" for name, stage in STAGE_OF_PASS.items())
    connection.execute(f"""
        create or replace table record_stage as
        select record, person_id, pass, level,
            case when pass is null then 'none' else case pass {cases} else '4' end end as stage
        from known
    """)


def _links(connection: DuckDBPyConnection) -> list[Figure]:
    """`links` by pass, stage and level; `residual`: records with tokens that no key linked to another."""
    all_records = "(select count(*) from record_stage)"
    by = {"pass": "coalesce(pass, 'none')", "stage": "stage", "level": "coalesce(level, 'none')"}
    counts = " union all ".join(
        f"select '{ALL}' as item, '{name}' as kind, {value} as grp, count(*) as n, {all_records} as of "
        f"from record_stage group by {value}"
        for name, value in by.items()
    )
    residual = f"""
        select '{ALL}', '{ALL}', '{ALL}', count(*) filter (s.stage in ('4', 'D', 'none')), count(*)
        from record_stage as s where s.record in (select record from identity)
    """
    return [*figures(connection, "links", counts), *figures(connection, "residual", residual)]


def _refused(connection: DuckDBPyConnection) -> list[Figure]:
    """`refused`: pairs that might have linked and did not, by reason and by pass. Each stands twice."""
    by = {"reason": "reason", "pass": "coalesce(pass, 'none')"}
    counts = " union all ".join(
        f"select '{ALL}', '{name}', {value} as grp, count(*) // 2, null::bigint "
        f"from registry.link_conflicts group by {value}"
        for name, value in by.items()
    )
    return figures(connection, "refused", counts)


def _changes(connection: DuckDBPyConnection) -> list[Figure]:
    """`ids`: minted, merged and split; `moved`: old records whose id changed, of all old records."""
    last = "(select run_id from registry.linkage_runs order by run_number desc limit 1)"
    ids = f"""
        select 'minted', '{ALL}', '{ALL}', count(*), null::bigint
        from registry.person_registry where created_run = {last}
        union all
        select reason, '{ALL}', '{ALL}', count(*), null
        from registry.id_changes where run_id = {last} group by reason
    """
    moved = f"""
        select '{ALL}', '{ALL}', '{ALL}',
            (select coalesce(sum(records), 0)::bigint from registry.id_changes where run_id = {last}),
            count(*) filter (first_run <> {last})
        from known
    """
    return [*figures(connection, "ids", ids), *figures(connection, "moved", moved)]


def _candidates(connection: DuckDBPyConnection) -> list[Figure]:
    """`candidates`: pairs of different suppliers that agree in the key of a pass, alone on both sides.

    Counted before any guard, between the persons that each supplier's own records were collapsed into.
    """
    connection.execute("""
        update identity set unit = u.unit from (
            select record, min(record) over (partition by person_id, supplier_no) as unit
            from known join record using (record)
        ) as u where u.record = identity.record and u.unit <> identity.unit
    """)
    return [
        Figure("candidates", rule.name, ALL, ALL, _count_pairs(connection, rule))
        for _, rule in usable_passes(connection, PASSES)
    ]


def _count_pairs(connection: DuckDBPyConnection, rule: Pass) -> int:
    def alone(columns: tuple[str, ...]) -> str:
        keys = ", ".join(columns)
        named = ", ".join(f"{column} as key{place}" for place, column in enumerate(columns))
        known = " and ".join(f"{column} is not null" for column in columns)
        return (
            f"select supplier_no, {named} from identity where {known} "
            f"group by supplier_no, {keys} having min(unit) = max(unit)"
        )

    same = " and ".join(f"a.key{place} = b.key{place}" for place in range(len(rule.left)))
    order = "<" if rule.left == rule.right else "<>"
    ((pairs,),) = connection.execute(
        f"select count(*) from ({alone(rule.left)}) as a join ({alone(rule.right)}) as b "
        f"on {same} and a.supplier_no {order} b.supplier_no"
    ).fetchall()
    return int(pairs)


def _pairs_by_block(connection: DuckDBPyConnection) -> list[Figure]:
    """`pairs`: pairs that each block found in the run, of the records that it looked at; scored once."""
    ((report,),) = connection.execute(
        "select report from registry.linkage_runs order by run_number desc limit 1"
    ).fetchall()
    blocks = json.loads(report).get("pairs_by_block", {})
    return [Figure("pairs", block, ALL, ALL, int(pairs)) for block, pairs in sorted(blocks.items())]


def _relatives(connection: DuckDBPyConnection) -> list[Figure]:
    """What counting says of people who share a home, by pattern and suppliers; needs `pattern_verdict`.

    `relatives_linked` or `relatives_refused`, as was decided: pairs of the pattern that might be one person.
    `relatives_expected`: how many of them are expected to be two people (rounded).
    """
    rows = connection.execute("""
        select v.pattern, a.supplier || ' and ' || b.supplier as pair, v.candidates,
            round(v.expected)::bigint, v.is_allowed
        from pattern_verdict as v
        join supplier as a on a.supplier_no = v.sa join supplier as b on b.supplier_no = v.sb
        order by v.pattern, pair
    """).fetchall()
    found = []
    for pattern, pair, candidates, expected, is_allowed in rows:
        decided = "relatives_linked" if is_allowed else "relatives_refused"
        found.append(Figure(decided, pattern, SUPPLIER_PAIR, pair, candidates))
        found.append(Figure("relatives_expected", pattern, SUPPLIER_PAIR, pair, expected))
    return found


def count_scored(connection: DuckDBPyConnection) -> list[Figure]:
    """`candidates` of the model: pairs that a block put before it in the second linkage."""
    ((pairs,),) = connection.execute("select count(*) from scored").fetchall()
    return [Figure("candidates", MODEL, ALL, ALL, int(pairs))]
