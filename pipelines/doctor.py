"""Is this installation healthy: versions, folders, disk, the published copy, the definitions."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version

import dagster as dg
import duckdb

from assets.in_force import table_states
from outcome_linkage.home import Home
from pipelines.studies import studies_of
from schemas.agreements import load_agreements
from schemas.catalogue import CONTRACTS, load_suppliers

FREE_GB = 5


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    what: str
    ok: bool
    found: str


def examine(home: Home, today: date) -> list[Finding]:
    """Every finding on the day `today`; an examination that fails is itself a finding."""
    looks = {**EXAMINATIONS, "agreements": lambda home: _agreements(home, today)}
    return [_safely(what, look, home) for what, look in looks.items()]


def _safely(what: str, look: Callable[[Home], tuple[bool, str]], home: Home) -> Finding:
    try:
        ok, found = look(home)
    except Exception as error:
        ok, found = False, f"could not be examined ({type(error).__name__})"
    return Finding(what, ok, found)


def _python(home: Home) -> tuple[bool, str]:
    return sys.version_info >= (3, 11), f"{sys.version_info.major}.{sys.version_info.minor}, 3.11 needed"


def _duckdb(home: Home) -> tuple[bool, str]:
    return version("duckdb") == "2.0.0", f"{version('duckdb')}, pinned 2.0.0"


def _folders(home: Home) -> tuple[bool, str]:
    if not home.root.is_dir():
        return False, f"no folder at {home.root}; `outcome-linkage receive` or `run` makes it"
    return True, str(home.root)


def _restricted(home: Home) -> tuple[bool, str]:
    if not home.restricted.exists():
        return True, "not made yet"
    mode = home.restricted.stat().st_mode & 0o777
    return mode == 0o700, f"mode {mode:o}, 700 needed"


def _disk(home: Home) -> tuple[bool, str]:
    place = home.root if home.root.exists() else home.root.parent
    free = shutil.disk_usage(place).free / 1e9
    return free > FREE_GB, f"{free:.0f} GB free, {FREE_GB} needed"


def _catalogue(home: Home) -> tuple[bool, str]:
    suppliers = load_suppliers(home.root)
    return bool(suppliers), f"{len(suppliers)} suppliers, {len(CONTRACTS)} tables"


def _published(home: Home) -> tuple[bool, str]:
    if not home.published.exists():
        return True, "nothing published yet"
    with duckdb.connect(str(home.published), read_only=True) as connection:
        tables = connection.execute("select count(*) from duckdb_tables()").fetchall()[0][0]
    return tables > 0, f"readable, {tables} tables"


def _agreements(home: Home, today: date) -> tuple[bool, str]:
    states = table_states(home, today)
    in_force = sum(state.state == "in force" for state in states)
    whose = "invented, for the demo" if load_agreements(home.root).invented else "of this home"
    return in_force == len(states), f"{in_force} of {len(states)} tables in force; {whose}"


def _studies(home: Home) -> tuple[bool, str]:
    found = studies_of(home)
    failed = [f"{one.study} ({', '.join(one.failed)})" for one in found if one.failed]
    left = [one.study for one in found if not one.file and not one.shipped]
    elsewhere = [one.study for one in found if not one.file and one.shipped]
    ran = [one for one in found if one.in_last_night]
    waiting = [one.study for one in found if one.file and one.waits_for]
    new = [one.study for one in found if one.file and not one.in_last_night and not one.waits_for]
    fine = f"{len(ran) - len(failed)} of {len(ran)} without a failure in the last night"
    words = [fine if ran else "none was in the last night"]
    words += [f"not in it: {', '.join(new)}"] if new else []
    words += [f"wait for first deliveries: {', '.join(waiting)}"] if waiting else []
    words += [f"failed: {'; '.join(failed)}"] if failed else []
    words += [f"tables without a file: {', '.join(left)}"] if left else []
    words += [f"tables of studies of the software, not run here: {', '.join(elsewhere)}"] if elsewhere else []
    return not failed, "; ".join(words)


def _definitions(home: Home) -> tuple[bool, str]:
    from pipelines.definitions import build_defs

    defs = build_defs(home)
    dg.Definitions.validate_loadable(defs)
    return True, f"{len(defs.resolve_all_asset_specs())} assets load"


EXAMINATIONS: dict[str, Callable[[Home], tuple[bool, str]]] = {
    "Python": _python,
    "DuckDB": _duckdb,
    "home": _folders,
    "restricted zone": _restricted,
    "disk": _disk,
    "catalogue": _catalogue,
    "published database": _published,
    "studies": _studies,
    "Dagster definitions": _definitions,
}
