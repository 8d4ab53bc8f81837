"""SSDA903, children looked after: one table per module, known by its columns and not by its name; or one XML
file with everything about a child in one element.

Modules, columns and elements as in data-to-insight/csc-validator-be-903 (config.py, ingress.py). A child's
identity is the header's, with the home postcodes of the episodes and the time for which they were given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl
from lxml import etree

from outcome_linkage.delivery.contract import Contract
from outcome_linkage.delivery.encoding.convert import text_of, to_months
from outcome_linkage.delivery.encoding.dates import to_dates
from outcome_linkage.delivery.encoding.rekey import tidy_ids
from outcome_linkage.delivery.formats import RawReturn, RawTable, combine, xml
from outcome_linkage.delivery.formats.ids import with_noughts, with_whole_ids
from outcome_linkage.delivery.formats.sex import with_sex_of_year
from outcome_linkage.delivery.manifest import SourceFile
from outcome_linkage.delivery.reading.header import known_names
from outcome_linkage.delivery.reading.parts import Part, names_of, parts_of, refused
from outcome_linkage.delivery.reading.read import read_header, read_rows
from outcome_linkage.delivery.reading.years import collection_year, return_covers

# Module: its columns. The first of them, beside CHILD, tell it from the others (see `_KNOWN_BY`).
_MODULES = {
    "header": ("sex", "dob", "ethnic", "upn", "mother", "mc_dob"),
    "episodes": (
        *("decom", "rne", "ls", "cin", "place", "place_provider", "dec", "rec"),
        *("reason_place_change", "home_post", "pl_post", "urn"),
    ),
    "reviews": ("review", "review_code", "dob"),
    "uasc": ("duc", "sex", "dob"),
    "oc2": (
        *("sdq_score", "sdq_reason", "dob", "convicted", "health_check", "immunisations", "teeth_check"),
        *("health_assessment", "substance_misuse", "intervention_received", "intervention_offered"),
    ),
    "oc3": ("in_touch", "activ", "accom", "dob"),
    "ad1": (*("date_int", "date_match", "foster_care", "nb_adoptr", "sex_adoptr", "ls_adoptr", "dob"),),
    "placed_adoption": ("date_placed", "date_placed_ceased", "reason_placed_ceased", "dob"),
    "prev_perm": ("prev_perm", "date_perm", "la_perm", "dob"),
    "missing": ("mis_start", "mis_end", "missing", "dob"),
    "social_worker": ("sw_id", "sw_decom", "sw_dec", "sw_reason", "dob"),
    "deprivation_of_liberty": ("dolo_start", "dolo_end", "dob"),
}
_KNOWN_BY = {
    **{module: {"child", *columns[:2]} for module, columns in _MODULES.items()},
    "header": {"child", "sex", "dob", "ethnic"},
    "episodes": {"child", "decom", "rne", "ls", "cin"},
    "uasc": {"child", "duc"},
}
# What a column of the return is called in its table, where it is not called the same.
_RENAMED = {"child": "record_key", "mc_dob": "mc_birth_month"}
_TABLES = {module: f"ssda903_{module}" for module in _MODULES}
_SHARED = ("sex", "dob")
_MODULE_OF = {name: module for module, columns in _MODULES.items() for name in columns if name not in _SHARED}
# In XML: elements with another name, and those that say that a child of the header is one of the module.
_XML_NAMES = {"childid": "child", "pl": "place"}
_OF_HEADER = {"uasc": ("duc",), "oc3": ("in_touch", "activ", "accom"), "ad1": ("date_int", "date_match")}


def read_ssda903(paths: Sequence[Path], year: int | None, contracts: Mapping[str, Contract]) -> RawReturn:
    """The tables of an SSDA903 return and the identity of its children.

    `year` is the collection year; without it the file names say which. Modules without a contract are named
    in `skipped`. Raises RawInputRefused for a file that is no module, a header module without rows, files
    of several years, and whatever `read_rows` refuses.
    """
    parts = parts_of(paths)
    texts = [part for part in parts if not part.is_xml]
    modules, skipped = _modules(texts)
    used = {module: found for module, found in modules.items() if _TABLES[module] in contracts}
    tables = {_TABLES[module]: _read_module(module, found) for module, found in used.items()}
    documents = [part for part in parts if part not in texts]
    if documents:
        tables = _put_together(tables, _read_documents(documents, contracts))
    if not tables:
        raise refused(names_of(parts), "no_table", "a module of the return", "none of them", "Add a file.")
    sources = [part for found in used.values() for part in found] + documents
    tables = _with_ids(tables)
    if prev_perm := tables.get(_TABLES["prev_perm"]):
        tables[_TABLES["prev_perm"]] = _with_partial_dates(prev_perm)
    year = collection_year(sources, year)
    return RawReturn(
        tables={name: with_sex_of_year(table, contracts[name], year) for name, table in tables.items()},
        identity=_identity(tables),
        collection_year=year,
        covers=return_covers(year),
        skipped=tuple(sorted({*modules} - {*used})) + tuple(part.name for part in skipped),
    )


def _names(module: str) -> dict[str, str]:
    """The columns of a module by their headers, and by what XML calls them, for a CSV made from it."""
    own = ("child", *_MODULES[module])
    other = {header: _RENAMED.get(name, name) for header, name in _XML_NAMES.items() if name in own}
    return {**other, **{name: _RENAMED.get(name, name) for name in own}}


def _modules(parts: Sequence[Part]) -> tuple[dict[str, list[Part]], list[Part]]:
    """The parts by module, and sheets or files of an archive that are none beside others that are."""
    found = {part: _module(part) for part in parts}
    served = {part.path for part, module in found.items() if module}
    modules: dict[str, list[Part]] = {}
    for part, module in found.items():
        if module:
            modules.setdefault(module, []).append(part)
        elif part.path not in served:
            raise _unknown_module(part)
    return modules, [part for part, module in found.items() if not module]


def _module(part: Part) -> str | None:
    """The one module whose columns the table holds; None where it is none, or several."""
    fitting = [module for module, missing in _missing(part).items() if not missing]
    return fitting[0] if len(fitting) == 1 else None


def _missing(part: Part) -> dict[str, list[str]]:
    """For each module, the headers that tell it from others and that the table lacks."""
    header = read_header(part, {name: name for module in _MODULES for name in _names(module)})
    held = {_XML_NAMES.get(name, name) for name in header.names} if header else set()
    return {
        module: sorted(name for name in names if not {*known_names({name: ""})} <= held)
        for module, names in _KNOWN_BY.items()
    }


def _unknown_module(part: Part) -> Exception:
    missing = _missing(part)
    nearest = min(missing, key=lambda module: len(missing[module]) / len(_KNOWN_BY[module]))
    lacking = ", ".join(name.upper() for name in missing[nearest])
    return refused(
        part.name,
        "unknown_module",
        f"the columns of one SSDA903 module ({', '.join(_MODULES)})",
        f"those of none; the nearest is {nearest}, of which {lacking} is missing"
        if lacking
        else "those of several",
        "Give one file or sheet per module, with the headers of the return.",
    )


def _read_module(module: str, parts: list[Part]) -> RawTable:
    table = combine(read_rows(part, _names(module)) for part in parts)
    if module == "header" and not table.frame.height:
        todo = "Export the header module again; only child tables of a return may be empty."
        raise refused(names_of(parts), "no_rows", "at least one child", "headers and no rows", todo)
    return table


def _read_documents(parts: Sequence[Part], contracts: Mapping[str, Contract]) -> dict[str, RawTable]:
    """The tables of XML files. Every module is there, even without a row."""
    found = [(part, _read_document(part)) for part in parts]
    return {
        _TABLES[module]: xml.table(
            [(part, rows[module]) for part, rows in found], list(dict.fromkeys(_names(module).values()))
        )
        for module in _MODULES
        if _TABLES[module] in contracts
    }


def _read_document(part: Part) -> xml.Rows:
    rows: xml.Rows = {module: [] for module in _MODULES}
    for element in xml.elements(part, ["CHILD"]):
        _add_child(element, rows)
    if not rows["header"]:
        found = "no CHILD with a HEADER"
        raise refused(part.name, "no_rows", "an SSDA903 return (EXPSSDA903)", found, "Check --table.")
    return rows


def _add_child(element: etree._Element, rows: xml.Rows) -> None:
    """The rows of one child: of the header, of what stands in it, and of the elements below, each of which is
    known by what it holds."""
    header = next((child for child in element if xml.name_of(child) == "header"), None)
    if header is None:
        return
    person = _named(xml.leaves(header))
    for module in ("header", *(m for m, signs in _OF_HEADER.items() if any(person.get(s) for s in signs))):
        rows[module].append(_row(module, person))
    own = [branch for branch in xml.branches(element) if branch is not header]
    for branch in [*xml.branches(header), *own]:
        held = _named(xml.leaves(branch))
        for module in {_MODULE_OF[name] for name in held if name in _MODULE_OF}:
            rows[module].append(_row(module, {**person, **held}))


def _named(row: xml.Row) -> xml.Row:
    return {_XML_NAMES.get(name, name): value for name, value in row.items()}


def _row(module: str, values: xml.Row) -> xml.Row:
    return {_RENAMED.get(name, name): values.get(name) for name in ("child", *_MODULES[module])}


def _put_together(first: dict[str, RawTable], second: dict[str, RawTable]) -> dict[str, RawTable]:
    both = first.keys() & second.keys()
    if any(first[name].frame.height and second[name].frame.height for name in both):
        raise refused(
            "the command line", "two_formats", "each module once", "both as CSV and in XML", "Give one."
        )
    return {**second, **{name: t for name, t in first.items() if name not in both or t.frame.height}}


def _with_ids(tables: Mapping[str, RawTable]) -> dict[str, RawTable]:
    """The tables with whole ids; those of child tables as the header has them."""
    whole = {name: with_whole_ids(table, ("record_key", "upn", "sw_id")) for name, table in tables.items()}
    if _TABLES["header"] not in whole:
        return whole
    children = whole[_TABLES["header"]].frame["record_key"]
    return {
        name: table if name == _TABLES["header"] else with_noughts(table, children)
        for name, table in whole.items()
    }


def _with_partial_dates(table: RawTable) -> RawTable:
    """DATE_PERM as year and month, or year alone: `zz` stands for a day, month or year that nobody knows."""
    written = text_of(table.frame, "date_perm").str.to_lowercase()
    month = to_months(written.str.replace(r"^zz[/-]", "")).dt.to_string("%Y-%m")
    year = written.str.extract(r"^zz[/-]zz[/-](\d{4})$")
    known = pl.select(pl.coalesce(month, year, written.replace("zz/zz/zzzz", None))).to_series()
    return replace(table, frame=table.frame.with_columns(known.alias("date_perm")))


def _identity(tables: Mapping[str, RawTable]) -> RawTable | None:
    """Who the children are: one row per child of the header and home postcode of their episodes."""
    parts: list[pl.DataFrame] = []
    sources: dict[str, SourceFile] = {}
    for module, describe in (("header", _people), ("episodes", _home_stays)):
        if found := tables.get(_TABLES[module]):
            parts.append(describe(found.frame))
            sources = {**{source.name: source for source in found.sources}, **sources}
    if not parts:
        return None
    people, *stays = (part.with_columns(tidy_ids(part["record_key"])) for part in parts)
    if stays:
        people = people.join(stays[0], on="record_key", how="full", coalesce=True)
    return RawTable(people, tuple(sources.values()))


def _people(header: pl.DataFrame) -> pl.DataFrame:
    return header.rename({"ethnic": "ethnic_group"}).drop("mother", "mc_birth_month", strict=False)


def _home_stays(episodes: pl.DataFrame) -> pl.DataFrame:
    """One row per child and unbroken run of episodes with the same home postcode: record_key, postcode,
    valid_from, valid_to (both ISO dates as text; valid_to null while an episode of the run is open)."""
    start, end = (to_dates(text_of(episodes, name)) for name in ("decom", "dec"))
    frame = episodes.select(
        "record_key",
        text_of(episodes, "home_post"),
        start=start,
        end=end,
        open=text_of(episodes, "dec").is_null(),
    ).filter(pl.col("home_post").is_not_null())
    run = pl.col("home_post").rle_id().over("record_key", order_by="start")
    stays = frame.with_columns(run=run).group_by("record_key", "run", "home_post", maintain_order=True)
    return stays.agg(
        valid_from=pl.col("start").min().dt.to_string("%Y-%m-%d"),
        valid_to=pl.when(~pl.col("open").any()).then(pl.col("end").max()).dt.to_string("%Y-%m-%d"),
    ).select("record_key", "valid_from", "valid_to", postcode="home_post")
