"""What went into the linkage: how complete each supplier's tokens are, and whether they can be compared.

Low-entropy tokens are counted here and never shown: only how often the commonest comes, not what it is.
"""

from __future__ import annotations

from duckdb import DuckDBPyConnection

from outcome_linkage.linkage.tokens import FIELD_TOKENS
from outcome_linkage.linkage_quality.figures import ALL, Figure
from outcome_linkage.linkage_quality.people import figures

TOKENS: tuple[str, ...] = tuple(token.name for token in FIELD_TOKENS)
_OF_EACH = ("birth_month", "la_code", *TOKENS)

# Tokens of which no true value is common. A house number 1 or the sector of a small town may well be, so
# the others are shown and not judged.
RARE_BY_NATURE = (
    *("tok_forename", "tok_surname", "tok_previous_surname", "tok_dob", "tok_postcode"),
    *("tok_previous_postcode", "tok_uprn", "sid_nhs", "sid_upn", "sid_pnc"),
)
# Tokens that any two suppliers of one region share in part, unless they were made with different keys.
SHARED_BY_NATURE = ("tok_forename", "tok_surname", "tok_dob", "tok_postcode_sector")


def measure_inputs(connection: DuckDBPyConnection) -> list[Figure]:
    """Figures of `record`, `supplier` and `identity`, before anything is left out or added."""
    return [
        *_rows(connection),
        *_completeness(connection),
        *_commonest(connection),
        *_of_two_people(connection),
        *(figure for token in TOKENS for figure in _overlap(connection, token)),
    ]


def _rows(connection: DuckDBPyConnection) -> list[Figure]:
    """`records` (with tokens, of all) and `token_rows` (rows, of records with tokens), by supplier."""
    with_tokens = """
        select 'with tokens', 'supplier', s.supplier, count(distinct i.record), count(distinct r.record)
        from supplier as s join record as r on r.supplier_no = s.supplier_no
        left join identity as i on i.record = r.record group by s.supplier
    """
    rows = f"""
        select '{ALL}', 'supplier', s.supplier, count(*), count(distinct i.record)
        from identity as i join supplier as s on s.supplier_no = i.supplier_no group by s.supplier
    """
    return [*figures(connection, "records", with_tokens), *figures(connection, "token_rows", rows)]


def _completeness(connection: DuckDBPyConnection) -> list[Figure]:
    """`complete`: rows with the token, of all rows, by supplier."""
    parts = [
        f"select '{name}' as item, supplier_no, count({name}) as n, count(*) as of "
        "from identity group by supplier_no"
        for name in _OF_EACH
    ]
    return figures(
        connection,
        "complete",
        f"select p.item, 'supplier', s.supplier, p.n, p.of from ({' union all '.join(parts)}) as p "
        "join supplier as s on s.supplier_no = p.supplier_no",
    )


def _commonest(connection: DuckDBPyConnection) -> list[Figure]:
    """`commonest`: records with the commonest value of a token, of records with any, by supplier.

    Records, not rows: one person with many rows of one address is not a placeholder.
    """
    parts = [
        f"""
        select '{name}' as item, supplier_no, max(n) as n, sum(n) as of from (
            select supplier_no, {name}, count(distinct record) as n from identity
            where {name} is not null group by supplier_no, {name}
        ) group by supplier_no
        """
        for name in TOKENS
    ]
    return figures(
        connection,
        "commonest",
        f"select p.item, 'supplier', s.supplier, p.n, p.of::bigint from ({' union all '.join(parts)}) as p "
        "join supplier as s on s.supplier_no = p.supplier_no",
    )


def _of_two_people(connection: DuckDBPyConnection) -> list[Figure]:
    """`two_people`: records of which two rows agree in neither forename nor surname nor date of birth, of
    records with a row that holds all three, by supplier."""
    return figures(
        connection,
        "two_people",
        f"""
        with named as (
            select distinct supplier_no, record, tok_forename, tok_surname, tok_dob from identity
            where tok_forename is not null and tok_surname is not null and tok_dob is not null
        ),
        another as (
            select distinct l.record
            from named as l join named as r on r.record = l.record and r.tok_dob <> l.tok_dob
            where r.tok_surname <> l.tok_surname and r.tok_forename <> l.tok_forename
        )
        select '{ALL}', 'supplier', s.supplier, count(distinct a.record), count(distinct n.record)
        from named as n join supplier as s on s.supplier_no = n.supplier_no
        left join another as a on a.record = n.record group by s.supplier
        """,
    )


def _overlap(connection: DuckDBPyConnection, token: str) -> list[Figure]:
    """`overlap`: distinct values of the first supplier that the second has too, by pair in this order."""
    connection.execute(f"""
        create or replace temp table vocabulary as
        select distinct supplier_no, {token} as value from identity where {token} is not null
    """)
    return figures(
        connection,
        "overlap",
        f"""
        with size as (select supplier_no, count(*) as of from vocabulary group by supplier_no),
        common as (
            select a.supplier_no as a, b.supplier_no as b, count(*) as n
            from vocabulary as a join vocabulary as b on a.value = b.value and a.supplier_no <> b.supplier_no
            group by a.supplier_no, b.supplier_no
        )
        select '{token}', 'supplier_in_supplier', sa.supplier || ' in ' || sb.supplier,
            coalesce(c.n, 0), za.of
        from size as za join size as zb on za.supplier_no <> zb.supplier_no
        join supplier as sa on sa.supplier_no = za.supplier_no
        join supplier as sb on sb.supplier_no = zb.supplier_no
        left join common as c on c.a = za.supplier_no and c.b = zb.supplier_no
        """,
    )
