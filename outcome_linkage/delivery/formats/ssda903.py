"""SSDA903, children looked after: one CSV per module, recognised by its columns and not by its name.

Modules and columns as in data-to-insight/csc-validator-be-903. Header and episodes become tables; a child's
identity is the header's, with the home postcodes of the episodes and the time for which they were given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from outcome_linkage.delivery.convert import to_dates
from outcome_linkage.delivery.formats import RawReturn, RawTable, combine
from outcome_linkage.delivery.read import read_csv, read_headers, source_name
from outcome_linkage.delivery.refusal import RawInputRefused
from outcome_linkage.delivery.rekey import tidy_ids
from outcome_linkage.delivery.years import collection_year

# Module: the columns by which it is known.
_KNOWN_BY = {
    "header": {"child", "sex", "dob", "ethnic"},
    "episodes": {"child", "decom", "rne", "ls", "cin", "place"},
    "reviews": {"child", "review", "review_code"},
    "uasc": {"child", "duc"},
    "oc2": {"child", "sdq_score", "sdq_reason"},
    "oc3": {"child", "in_touch", "activ", "accom"},
    "ad1": {"child", "date_int", "date_match"},
    "placed_adoption": {"child", "date_placed", "date_placed_ceased"},
    "prev_perm": {"child", "prev_perm", "date_perm"},
    "missing": {"child", "mis_start", "mis_end"},
    "social_worker": {"child", "sw_id", "sw_decom"},
    "deprivation_of_liberty": {"child", "dolo_start", "dolo_end"},
}
# Module: its table, and what its columns are called there (or among the identity columns).
_TABLES = {"header": "ssda903_header", "episodes": "ssda903_episodes"}
_COLUMNS = {
    "header": {
        "child": "record_key",
        "sex": "sex",
        "dob": "dob",
        "ethnic": "ethnic",
        "upn": "upn",
        "mother": "mother",
        "mc_dob": "mc_birth_month",
    },
    "episodes": {
        "child": "record_key",
        **{name: name for name in ("decom", "rne", "ls", "cin", "place", "place_provider")},
        **{name: name for name in ("dec", "rec", "reason_place_change", "home_post", "pl_post", "urn")},
    },
}


def read_ssda903(paths: Sequence[Path], year: int | None) -> RawReturn:
    """The tables of an SSDA903 return and the identity of its children.

    `year` is the collection year; without it the file names say which. Modules without a contract are named
    in `skipped`. Raises RawInputRefused for a file that is no module, a header module without rows, files
    of several years, and whatever `read_csv` refuses.
    """
    modules: dict[str, list[Path]] = {}
    for path in paths:
        modules.setdefault(_module(path), []).append(path)
    used = {module: modules[module] for module in _TABLES if module in modules}
    if not used:
        raise _nothing_to_encode(paths)
    tables = {_TABLES[module]: _read_module(module, files) for module, files in used.items()}
    return RawReturn(
        tables=tables,
        identity=_identity(tables),
        collection_year=collection_year([p for files in used.values() for p in files], year),
        skipped=tuple(sorted(set(modules) - set(used))),
    )


def _module(path: Path) -> str:
    known = set().union(*_KNOWN_BY.values())
    headers = set(read_headers(path, known))
    fitting = [module for module, columns in _KNOWN_BY.items() if columns <= headers]
    if len(fitting) == 1:
        return fitting[0]
    raise RawInputRefused(
        "unknown_module",
        expected=f"the columns of one SSDA903 module ({', '.join(_KNOWN_BY)})",
        found=f"those of {len(fitting)} modules; known headers: {', '.join(sorted(headers & known))}",
        where=f"{source_name(path)}, row 1",
        todo="Give one comma-separated file per module, with the headers of the return.",
    )


def _read_module(module: str, paths: list[Path]) -> RawTable:
    table = combine((read_csv(path, _COLUMNS[module]) for path in paths), _COLUMNS[module])
    if module == "header" and not table.frame.height:
        raise RawInputRefused(
            "no_rows",
            expected="at least one child",
            found="headers and no rows",
            where=", ".join(source_name(path) for path in paths),
            todo="Export the header module again; only child tables of a return may be empty.",
        )
    return table


def _identity(tables: Mapping[str, RawTable]) -> RawTable:
    """Who the children are: one row per child of the header and home postcode of their episodes."""
    parts = []
    if "ssda903_header" in tables:
        header = tables["ssda903_header"].frame.rename({"ethnic": "ethnic_group"})
        parts.append(header.drop("mother", "mc_birth_month", strict=False))
    if "ssda903_episodes" in tables:
        parts.append(_home_stays(tables["ssda903_episodes"].frame))
    people, *stays = (part.with_columns(tidy_ids(part["record_key"])) for part in parts)
    if stays:
        people = people.join(stays[0], on="record_key", how="full", coalesce=True)
    return RawTable(people, tuple(source for table in tables.values() for source in table.sources))


def _home_stays(episodes: pl.DataFrame) -> pl.DataFrame:
    """One row per child and unbroken run of episodes with the same home postcode: record_key, postcode,
    valid_from, valid_to (both ISO dates as text; valid_to null while an episode of the run is open)."""
    absent = {"home_post", "dec"} - set(episodes.columns)
    frame = episodes.with_columns(pl.lit(None, pl.String).alias(name) for name in absent)
    start, end = (to_dates(frame[name]) for name in ("decom", "dec"))
    frame = frame.select("record_key", "home_post", start=start, end=end, open=frame["dec"].is_null())
    frame = frame.filter(pl.col("home_post").is_not_null())
    run = pl.col("home_post").rle_id().over("record_key", order_by="start")
    stays = frame.with_columns(run=run).group_by("record_key", "run", "home_post", maintain_order=True)
    return stays.agg(
        valid_from=pl.col("start").min().dt.to_string("%Y-%m-%d"),
        valid_to=pl.when(~pl.col("open").any()).then(pl.col("end").max()).dt.to_string("%Y-%m-%d"),
    ).select("record_key", "valid_from", "valid_to", postcode="home_post")


def _nothing_to_encode(paths: Sequence[Path]) -> RawInputRefused:
    return RawInputRefused(
        "no_table",
        expected="the header or the episodes module",
        found=f"{len(paths)} other modules",
        where=", ".join(source_name(path) for path in paths) or "the command line",
        todo="Add the file of one of them.",
    )
