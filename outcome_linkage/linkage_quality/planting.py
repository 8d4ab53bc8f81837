"""Planted records: copies of real ones with known damage, put among another supplier's to see who finds them.

Nothing of it is written anywhere: the records live in the memory of one quality run. A record is copied
only to a supplier that does not know the person by our links, so that the copy is that supplier's only
record of the person. Which records are taken follows an arithmetic order, so equal input and seed give equal
choices.

Tokens cannot be made without the linkage key. A planted token is therefore copied from a record that has it:
a field token, or a link key all of whose parts come from one record in a place that the key's domain can
hold. `k02` (names, birthday, previous postcode) of somebody who moved is `k01` of the record before the move,
for both are of one domain. A link key that mixes two records, or a value that nobody has, is null: it would
be equal to nobody's, and so is null.
"""

from __future__ import annotations

from collections.abc import Mapping

from duckdb import DuckDBPyConnection

from outcome_linkage.linkage.tokens import DERIVED, TOKENS, Token
from outcome_linkage.linkage_quality.damage import (
    DAMAGE,
    KINDS,
    MISSING,
    OTHER,
    Nothing,
    Origin,
    Planted,
    Ref,
)
from outcome_linkage.linkage_quality.figures import ALL, Figure
from outcome_linkage.linkage_quality.people import count_by_people

SEED = 20260101
MOST_OF_A_KIND = 300
# At most this share of all records is planted, so that the planted do not change what is measured.
MOST_OF_ALL = 0.05
_DONORS_TRIED = 64
_ALIAS = {"source": "s", "donor": "d"}
_SPARED = ("sid_nhs", "sid_upn", "sid_pnc")
_PLACE = ("la_code", "imd_quintile")


def plant(connection: DuckDBPyConnection, seed: int = SEED, of_a_kind: int | None = None) -> None:
    """Add planted records to `record` and `identity`; table `planted` says what each is.

    Plants `of_a_kind` of each kind (without it, as many as leave the rest undisturbed), fewer where fewer are
    eligible. Needs `known` (record, person_id). `planted`: plant (from 1), record, kind, is_trap, source (a
    record), source_row and donor_row (of `pool`), target (supplier_no).
    """
    _make_pool(connection, seed)
    connection.execute("""
        create or replace table planted (
            plant integer, record integer, kind varchar, is_trap boolean, source integer,
            source_row bigint, donor_row bigint, target tinyint
        )
    """)
    number = _number_of_a_kind(connection) if of_a_kind is None else of_a_kind
    for kind in sorted(KINDS, key=lambda kind: kind.eligible == "true"):  # rare ones choose first
        if number:
            _choose(connection, kind, number)
    _add_records(connection)
    chosen = {name for (name,) in connection.execute("select distinct kind from planted").fetchall()}
    for kind in KINDS:
        if kind.name in chosen:
            _add_identities(connection, kind)


def _make_pool(connection: DuckDBPyConnection, seed: int) -> None:
    """Table `pool`: one row of each record with a whole identity, its `place`, and what it is eligible for.

    A guessed birthday is the commonest one of a January if five times as common there as the average.
    `strangers`: how many of the supplier's people are expected to share names and birthday by chance.
    """
    whole = ("tok_forename", "tok_surname", "tok_dob", "tok_postcode", "birth_month")
    last = "coalesce(valid_to, date '9999-12-31') desc, coalesce(valid_from, date '0001-01-01') desc"
    connection.execute(f"""
        create or replace table pool as
        with latest as (
            select * from identity
            where {" and ".join(f"{column} is not null" for column in whole)}
            qualify row_number() over (partition by record order by {last}, tok_postcode) = 1
        ),
        date_of_birth as (
            select supplier_no, birth_month, tok_dob, count(*) as n,
                avg(count(*)) over (partition by supplier_no, birth_month) as usual,
                count(*) = max(count(*)) over (partition by supplier_no, birth_month) as is_commonest
            from latest group by supplier_no, birth_month, tok_dob
        ),
        nickname as (
            select tok_forename_canonical from latest
            group by tok_forename_canonical having count(distinct tok_forename) > 1
        )
        select l.*, row_number() over (
                order by (l.record::bigint * 2654435761 + {seed}::bigint * 40503) % 4294967291, l.record
            ) as place,
            n.tok_forename_canonical is not null as has_nickname,
            month(l.birth_month) = 1 and b.is_commonest and b.n >= 5 and b.n >= 5 * b.usual
                as has_guessed_birthday,
            (count(*) over (partition by l.supplier_no, l.tok_forename, l.tok_surname) - 1) * b.n
                / count(*) over (partition by l.supplier_no) as strangers
        from latest as l
        join date_of_birth as b on b.supplier_no = l.supplier_no and b.birth_month = l.birth_month
            and b.tok_dob = l.tok_dob
        left join nickname as n on n.tok_forename_canonical = l.tok_forename_canonical
    """)
    connection.execute("""
        create or replace table free as
        select p.record, list(s.supplier_no order by s.supplier_no) as targets
        from pool as p join known as k on k.record = p.record cross join supplier as s
        where not exists (
            from known as o join record as r on r.record = o.record
            where o.person_id = k.person_id and r.supplier_no = s.supplier_no
        )
        group by p.record
    """)


def _number_of_a_kind(connection: DuckDBPyConnection) -> int:
    ((records,),) = connection.execute("select count(*) from known").fetchall()
    return min(MOST_OF_A_KIND, int(records * MOST_OF_ALL) // len(KINDS))


def _choose(connection: DuckDBPyConnection, kind: Planted, number: int) -> None:
    """Add `number` sources of a kind to `planted`, as many of each supplier, each with a donor and a target.

    A source is taken once only. The donor is the first that fits among the next in the order. Targets take
    turns within the sources of a supplier and over the kinds, so that every pair of suppliers is judged.
    """
    connection.execute(f"""
        create or replace temp table foremost as
        with eligible as (
            select s.*, f.targets, row_number() over (partition by s.supplier_no order by s.place) as turn
            from pool as s join free as f on f.record = s.record
            where ({kind.eligible}) and s.record not in (select source from planted)
        )
        select * from eligible where turn <= 4 * {number} order by turn, place limit 4 * {number}
    """)
    connection.execute(f"""
        insert into planted
        with within_reach as ({_within_reach(connection, kind)}),
        fitting as (
            select s.record, s.place as source_row, d.place as donor_row, s.turn, s.targets
            from within_reach as w
            join foremost as s on s.place = w.source_row
            join pool as d on d.place = w.donor_row
            where {kind.donor}
            qualify row_number() over (partition by s.record order by w.try, d.place) = 1
        ),
        taken as (
            select *, row_number() over (order by turn, source_row) as nth from fitting
            order by nth limit {number}
        ),
        so_far as (select coalesce(max(plant), 0) as plants from planted)
        select so_far.plants + t.nth, null, '{kind.name}', {kind.is_trap}, t.record, t.source_row,
            t.donor_row, t.targets[1 + (t.turn + {KINDS.index(kind)}) % len(t.targets)]
        from taken as t, so_far
    """)


def _within_reach(connection: DuckDBPyConnection, kind: Planted) -> str:
    """SQL for the donors that a source may have: source_row, donor_row, try (the lowest is taken)."""
    if kind.donor_shares:
        same = f"d.{kind.donor_shares} = s.{kind.donor_shares} and d.record <> s.record"
        return (
            "select s.place as source_row, d.place as donor_row, 1 as try "
            f"from foremost as s join pool as d on {same}"
        )
    ((size,),) = connection.execute("select count(*) from pool").fetchall()
    return (
        f"select place as source_row, 1 + (place + try) % {max(size, 1)} as donor_row, try "
        f"from foremost cross join (select unnest(range({_DONORS_TRIED})) as try)"
    )


def _add_records(connection: DuckDBPyConnection) -> None:
    connection.execute(
        "update planted set record = plant + (select coalesce(max(record), 0) from record)::integer"
    )
    connection.execute("""
        insert into record by name
        select p.record, p.target as supplier_no, s.supplier, 'planted ' || p.plant as record_key
        from planted as p join supplier as s on s.supplier_no = p.target
    """)


def _add_identities(connection: DuckDBPyConnection, kind: Planted) -> None:
    columns = {name: sql for name, sql in planted_tokens(kind.parts).items() if name not in _SPARED}
    if _from(kind.parts, "postcode") == "d":
        columns |= {name: f"d.{name}" for name in _PLACE}
    replaced = ", ".join(
        f"{sql} as {name}"
        for name, sql in {
            **columns,
            "row": "(select max(row) from identity) + p.plant",
            "is_new": "true",
            "unit": "p.record",
            "record": "p.record",
            "supplier_no": "p.target",
            "birth_month": kind.birth_month,
            **dict.fromkeys(_SPARED, "null::bigint"),
        }.items()
    )
    connection.execute(f"""
        insert into identity by name
        select s.* exclude (place, has_nickname, has_guessed_birthday, strangers) replace ({replaced})
        from planted as p join pool as s on s.place = p.source_row join pool as d on d.place = p.donor_row
        where p.kind = '{kind.name}'
    """)


def planted_tokens(parts: Mapping[str, Origin]) -> dict[str, str]:
    """SQL for every token column of a planted row, from rows `s` (source) and `d` (donor) and `p` (plant)."""
    return {token.name: _token(token, place, parts) for place, token in enumerate(TOKENS)}


def origin(parts: Mapping[str, Origin], part: str) -> Origin:
    """Where a part of the planted identity comes from, derived parts by way of what they are derived of."""
    if part in parts:
        return parts[part]
    if part not in DERIVED:
        return Ref("source", part)
    base = origin(parts, DERIVED[part].of)
    if isinstance(base, Nothing) or base.part == DERIVED[part].of:
        return base if isinstance(base, Nothing) else Ref(base.row, part)
    alike = [name for name, of in DERIVED.items() if of.of == base.part and of.recipe is DERIVED[part].recipe]
    return Ref(base.row, alike[0]) if alike else OTHER


def _token(token: Token, place: int, parts: Mapping[str, Origin]) -> str:
    origins = [origin(parts, part) for part in token.parts]
    if MISSING in origins:
        return "null::bigint"
    rows = {ref.row for ref in origins if isinstance(ref, Ref)}
    if OTHER not in origins and len(rows) == 1:
        wanted = tuple(ref.part for ref in origins if isinstance(ref, Ref))
        same = [t.name for t in TOKENS if t.domain == token.domain and t.parts == wanted]
        if same:
            return f"{_ALIAS[rows.pop()]}.{same[0]}"
    # A value of its own: equal to nobody's. A field has it, since it is not missing; a key does without.
    return f"-(p.plant::bigint * 1000003 + {place})" if len(token.parts) == 1 else "null::bigint"


def _from(parts: Mapping[str, Origin], part: str) -> str | None:
    ref = origin(parts, part)
    return _ALIAS[ref.row] if isinstance(ref, Ref) else None


def judge_planted(connection: DuckDBPyConnection) -> list[Figure]:
    """Figures of the planted records; needs `linked`, `known` and `people`.

    `planted_found`: copies that were linked to the record they were copied from. `planted_wrong`: copies
    that were linked to anybody else. `trap_linked`: other people who were linked to anybody.
    """
    connection.execute("""
        create or replace table judged_plant as
        select p.kind, p.is_trap, p.record as plant, p.source, p.source as a, p.source as b,
            l.cluster = own.cluster as found,
            exists (
                from linked as o join known as k on k.record = o.record
                where o.cluster = l.cluster and (p.is_trap or k.person_id <> source.person_id)
            ) as wrong
        from planted as p
        join linked as l on l.record = p.record
        join linked as own on own.record = p.source
        join known as source on source.record = p.source
    """)
    by_kind = [
        *_by_kind(connection, "planted_found", "found", "not is_trap"),
        *_by_kind(connection, "planted_wrong", "wrong", "not is_trap"),
        *_by_kind(connection, "trap_linked", "wrong", "is_trap"),
    ]
    by_people = [
        figure
        for measure, n, of in (
            ("planted_found", "found", "not is_trap"),
            ("trap_linked", "wrong", "is_trap"),
        )
        for figure in count_by_people(connection, "judged_plant", measure, n=n, of=of)
        if figure.by != "supplier_pair"
    ]
    return [*by_kind, *by_people, *_by_suppliers(connection)]


def _by_kind(connection: DuckDBPyConnection, measure: str, n: str, of: str) -> list[Figure]:
    """In the order of the table of kinds; a kind that none could be planted of has 0 of 0."""
    counts = {
        kind: (top, bottom)
        for kind, top, bottom in connection.execute(
            f"select kind, count(*) filter ({n}), count(*) from judged_plant where {of} group by kind"
        ).fetchall()
    }
    kinds = DAMAGE if of == "not is_trap" else [kind for kind in KINDS if kind.is_trap]
    return [Figure(measure, kind.name, ALL, ALL, *counts.get(kind.name, (0, 0))) for kind in kinds]


def _by_suppliers(connection: DuckDBPyConnection) -> list[Figure]:
    rows = connection.execute(f"""
        select 'planted_found', '{ALL}', 'supplier_pair',
            least(a.supplier, b.supplier) || ' and ' || greatest(a.supplier, b.supplier) as pair,
            count(*) filter (found), count(*)
        from judged_plant as j join record as a on a.record = j.source join record as b on b.record = j.plant
        where not is_trap group by pair order by pair
    """).fetchall()
    return [Figure(*row) for row in rows]
