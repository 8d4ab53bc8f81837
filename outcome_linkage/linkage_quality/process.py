"""What the linkage did: links by pass and stage, what keys left, what was refused, whose id changed."""

from __future__ import annotations

from duckdb import DuckDBPyConnection

from outcome_linkage.linkage.candidates import pairs_of, usable_passes
from outcome_linkage.linkage.passes import DUPLICATES, PASSES
from outcome_linkage.linkage_quality.figures import ALL, Figure
from outcome_linkage.linkage_quality.people import figures

STAGES: dict[str, str] = {
    "0": "strong id",
    "D": "duplicates of one supplier",
    "1": "keys with place",
    "2": "keys without place",
    "3": "keys with one error",
    "4": "model",
    "none": "linked to nobody",
}
STAGE_OF_PASS: dict[str, str] = {rule.name: rule.stage for rule in (*PASSES, *DUPLICATES)}


def measure_process(connection: DuckDBPyConnection) -> list[Figure]:
    """Figures of the last run; needs `record`, `identity`, `known` and the attached `registry`.

    Sets `identity.unit` to the groups of duplicates that the registry knows.
    """
    _name_stages(connection)
    return [
        *_links(connection),
        *_refused(connection),
        *_changes(connection),
        *_candidates(connection),
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
    """`refused`: candidates by reason and by pass, and records with any."""
    return figures(
        connection,
        "refused",
        f"""
        select '{ALL}', 'reason', reason, sum(candidates)::bigint, null::bigint
        from registry.link_conflicts group by reason
        union all
        select '{ALL}', 'pass', pass, sum(candidates)::bigint, null
        from registry.link_conflicts group by pass
        """,
    )


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
    found = []
    for number, rule in usable_passes(connection, PASSES):
        unguarded = pairs_of(rule._replace(guard=None), number)
        ((pairs,),) = connection.execute(f"select count(*) from ({unguarded})").fetchall()
        found.append(Figure("candidates", rule.name, ALL, ALL, int(pairs)))
    return found
