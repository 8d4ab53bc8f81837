"""The school census of one term as a council's database holds it: a table for pupils on roll, one for those
who have left, and tables that hang on them, each known by its own id column and not by the name of its file.

Tables and columns as in liia-tools-pipeline (school_census_pipeline, 2015 to 2026). A pupil is known by their
unique pupil number, which stays from term to term and school to school; where there is none, or two pupils
share one, by the row. An exclusion is known by pupil, school, day and kind, for its row gets a new id each
term. A former pupil number is never used: a new one may be issued so that a child cannot be found by the old.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from outcome_linkage.delivery.contract import Contract
from outcome_linkage.delivery.encoding.convert import text_of
from outcome_linkage.delivery.encoding.dates import look_up, to_dates
from outcome_linkage.delivery.encoding.rekey import tidy_ids
from outcome_linkage.delivery.formats import RawReturn, RawTable, combine, stack, sum_of
from outcome_linkage.delivery.formats.ids import with_whole_ids
from outcome_linkage.delivery.formats.sex import with_sex_of_year
from outcome_linkage.delivery.formats.term import Term, term_of
from outcome_linkage.delivery.reading.parts import Part, names_of, parts_of, refused
from outcome_linkage.delivery.reading.read import read_header, read_rows

_PUPIL = {
    **{name: name for name in ("upn", "forename", "surname", "dob", "sex", "ethnicity", "plaa")},
    "formersurname": "previous_surname",
    "gender": "sex",
    "ncyearactual": "nc_year_actual",
    "ncyearleaving": "nc_year_actual",
    "enrolstatus": "enrol_status",
    "parttime": "part_time",
    "entrydate": "entry_date",
    "leavingdate": "leaving_date",
    "senprovision": "sen_provision",
    "youngcarer": "young_carer",
    "termlysessionspossible": "termly_sessions_possible",
    "termlysessionsauthorised": "termly_sessions_authorised",
    "termlysessionsunauthorised": "termly_sessions_unauthorised",
}
_EXCLUSION = {
    **{name: name for name in ("category", "sessions", "reason1", "reason2", "reason3")},
    "startdate": "start_date",
    "reason": "reason1",
    "senprovision": "sen_provision",
}
_SESSION = {"attendancereason": "attendance_reason", "sessions": "sessions", "absencesessions": "sessions"}
_ADDRESS = {"postcode": "postcode", "addressline1": "address_line_1", "uniquepropertyreferencenumber": "uprn"}
_CENSUS = {name: name for name in ("term", "year", "lea", "estab", "urn")}
# Table of the census: our table, whether it is of pupils on roll, and what its columns are called there.
_MODULES: dict[str, tuple[str, str, dict[str, str]]] = {
    "pupilonroll": ("school_pupils", "on", _PUPIL),
    "pupilnolongeronroll": ("school_pupils", "off", _PUPIL),
    "termlyexclusionsonroll": ("school_exclusions", "on", _EXCLUSION),
    "termlyexclusionsoffroll": ("school_exclusions", "off", _EXCLUSION),
    "termlysessiondetailsonroll": ("school_sessions", "on", _SESSION),
    "termlysessiondetailsoffroll": ("school_sessions", "off", _SESSION),
    "addressesonroll": ("addresses", "on", _ADDRESS),
    "addressesoffroll": ("addresses", "off", _ADDRESS),
    "addresses": ("addresses", "on", _ADDRESS),
    "schoolcensus": ("census", "on", _CENSUS),
}
_PUPIL_ID = {"on": "pupilonrolltableid", "off": "pupilnolongeronrolltableid"}
_IDENTITY = ("record_key", "forename", "surname", "previous_surname", "dob", "sex", "ethnicity", "upn")


def read_school_census(
    paths: Sequence[Path], year: int | None, contracts: Mapping[str, Contract]
) -> RawReturn:
    """Pupils, exclusions and attendance of one term, and who the pupils are.

    `year` is the school year by the year in which it ends; without it the `schoolcensus` table or the file
    names say which. Tables that have no contract are named in `skipped`. Raises RawInputRefused for a file
    that is no table of the census, for a census without pupils, for files of two terms, and whatever
    `read_rows` refuses.
    """
    modules = {part: _module(part) for part in parts_of(paths)}
    used = {part: module for part, module in modules.items() if module in _MODULES}
    held: dict[str, list[RawTable]] = {}
    for part, module in used.items():
        held.setdefault(_MODULES[module][0], []).append(_read(part, *_MODULES[module]))
    tables = {name: stack(found) for name, found in held.items()}
    _check_pupils(tables, list(modules))
    census = tables["census"].frame if "census" in tables else None
    term = term_of(list(used), census, year)
    schools = _schools(census)
    pupils = tables["school_pupils"] = _with_keys(tables["school_pupils"], term)
    homes = _homes(tables.get("addresses"))
    own = {name: table for name, table in tables.items() if name in contracts}
    return RawReturn(
        tables={
            name: with_sex_of_year(
                _with_school(_completed(table, pupils.frame, homes, term), schools, contracts[name]),
                contracts[name],
                term.year,
            )
            for name, table in own.items()
        },
        identity=_identity(pupils, homes),
        collection_year=term.year,
        skipped=tuple(sorted({module for module in modules.values() if module not in _MODULES})),
    )


def _module(part: Part) -> str:
    """The table of the census that a file holds: the one whose own id and order it has."""
    header = read_header(part, dict.fromkeys([*_PUPIL_ID.values(), "nativeid", "schoolcensustableid"], ""))
    names = set(header.names) if header else set()
    own = [name.removesuffix("orderseqcolumn") for name in names if name.endswith("orderseqcolumn")]
    fitting = [name for name in own if f"{name}tableid" in names]
    if len(fitting) == 1:
        return fitting[0]
    raise refused(
        part.name,
        "unknown_module",
        "a table of the school census, with its own tableid and orderseqcolumn, such as pupilonroll",
        "none, or several",
        "Give one file or sheet per table, with the headers of the census.",
    )


def _read(part: Part, table: str, roll: str, columns: Mapping[str, str]) -> RawTable:
    """The rows of one file: those of `columns`, the school, the row of the pupil, and on or off roll."""
    names = {"nativeid": "native_id", _PUPIL_ID[roll]: "pupil_row", **columns}
    read = with_whole_ids(combine([read_rows(part, names)]), ("pupil_row", "upn"))
    school, row = text_of(read.frame, "native_id").fill_null(""), tidy_ids(text_of(read.frame, "pupil_row"))
    return replace(
        read, frame=read.frame.with_columns(row_key=roll + "|" + school + "|" + row, roll=pl.lit(roll))
    )


def _check_pupils(tables: Mapping[str, RawTable], parts: Sequence[Part]) -> None:
    """Every other table hangs on the pupils."""
    pupils = tables.get("school_pupils")
    if pupils is None or not pupils.frame.height:
        todo = "Give pupilonroll and pupilnolongeronroll together with the tables that hang on them."
        raise refused(names_of(parts), "no_rows", "the pupils of the census", "none", todo)


def _with_keys(pupils: RawTable, term: Term) -> RawTable:
    """The pupils with their record_key: the pupil number, or the row where it has none of its own."""
    upn, born = tidy_ids(text_of(pupils.frame, "upn")), to_dates(text_of(pupils.frame, "dob"))
    shared = pl.DataFrame({"upn": upn, "born": born}).select(
        pl.col("born").drop_nulls().n_unique().over("upn") > 1
    )
    number = pl.when(~pl.lit(shared.to_series())).then(pl.lit(upn))
    return replace(pupils, frame=pupils.frame.with_columns(record_key=pl.coalesce(number, _row(term))))


def _row(term: Term) -> pl.Expr:
    """A row as the id of a pupil: of this census alone."""
    return pl.format("{}|{}", pl.lit(f"{term.year}{term.code}"), "row_key")


def _homes(addresses: RawTable | None) -> pl.DataFrame:
    """The addresses of each row_key: postcode, address_line_1 and uprn, the first of each pupil first."""
    columns = ("postcode", "address_line_1", "uprn")
    if addresses is None:
        return pl.DataFrame(schema=dict.fromkeys(("row_key", *columns), pl.String))
    return addresses.frame.select("row_key", *(text_of(addresses.frame, name) for name in columns))


def _completed(table: RawTable, pupils: pl.DataFrame, homes: pl.DataFrame, term: Term) -> RawTable:
    """The rows with what their table does not hold itself: who, which term, and where from."""
    rows = table.frame
    if "record_key" not in rows.columns:
        rows = _joined(rows, pupils.select("row_key", "record_key"))
    rows = _joined(rows, homes.select("row_key", "postcode")).with_columns(
        pl.col("record_key").fill_null(_row(term)),
        academic_year=pl.lit(str(term.year)),
        term=pl.lit(term.code),
    )
    if "start_date" in rows.columns:
        rows = rows.with_columns(exclusion_id=_exclusion(rows))
    return replace(table, frame=rows)


def _joined(rows: pl.DataFrame, about: pl.DataFrame) -> pl.DataFrame:
    """The rows with what is known about their pupil: the first that is said."""
    first = about.drop_nulls("row_key").unique("row_key", keep="first", maintain_order=True)
    return rows.join(first, on="row_key", how="left", maintain_order="left")


def _exclusion(rows: pl.DataFrame) -> pl.Series:
    """The id of an exclusion: pupil, school, day and kind, and which of several alike it is."""
    day, category = to_dates(rows["start_date"]).cast(pl.String), text_of(rows, "category")
    what = [rows["record_key"], text_of(rows, "native_id"), day.fill_null(""), category]
    key = pl.DataFrame(what).select(key=pl.concat_str(pl.all().fill_null(""), separator="|"))
    return key.select(pl.format("{}|{}", "key", pl.int_range(pl.len()).over("key"))).to_series()


def _schools(census: pl.DataFrame | None) -> pl.DataFrame:
    """The public number of each school by its id in the files: its URN, else council and establishment."""
    if census is None:
        return pl.DataFrame(schema={"native": pl.String, "number": pl.String})
    lea, estab, urn = (text_of(census, name) for name in ("lea", "estab", "urn"))
    number = pl.select(pl.coalesce(pl.lit(urn), pl.lit(lea) + pl.lit(estab).str.zfill(4))).to_series()
    public = pl.DataFrame({"native": text_of(census, "native_id"), "number": number}).drop_nulls()
    return public.unique("native", keep="first", maintain_order=True)


def _with_school(table: RawTable, schools: pl.DataFrame, contract: Contract) -> RawTable:
    """The rows with the number of their school, else its id in the files where that has the shape of one."""
    native = text_of(table.frame, "native_id")
    found = look_up(native, schools["native"], schools["number"])
    number = found.zip_with(found.is_not_null(), native).rename("school_id")
    fits = number.str.contains(contract.columns["school_id"].pattern or "").fill_null(True)
    odd = int((~fits).sum())
    return replace(
        table,
        frame=table.frame.with_columns(number.set(~fits, None)),
        repairs=sum_of([table.repairs, {"school_without_number": odd}]) if odd else table.repairs,
    )


def _identity(pupils: RawTable, homes: pl.DataFrame) -> RawTable:
    """Who the pupils are: one row for each and address."""
    people = pupils.frame.select("row_key", *(text_of(pupils.frame, name) for name in _IDENTITY))
    people = people.join(homes, on="row_key", how="left", maintain_order="left").drop("row_key")
    return RawTable(people.rename({"ethnicity": "ethnic_group"}), pupils.sources)
