"""Links and refused candidates as files, for the linker alone: which record is whose, and why."""

from __future__ import annotations

from pathlib import Path

from outcome_linkage.access import record_access
from outcome_linkage.errors import OutcomeLinkageError
from outcome_linkage.files import replacing
from outcome_linkage.home import Home
from outcome_linkage.warehouse import connect

_LINKS = """
select supplier, record_key, person_id, pass, weight, runner_up_weight, level, model_version
from record_person
order by supplier, record_key
"""
_REFUSED = """
select supplier, record_key, other_supplier, other_record_key, pass, weight, reason, run_id
from link_conflicts
order by supplier, record_key, other_supplier, other_record_key, pass, reason
"""
FORMATS = {".csv": "(format csv, header)", ".parquet": "(format parquet)"}


def export_links(home: Home, to: Path) -> int:
    """Write every record with its person, pass, weight, runner-up and level; return how many.

    The suffix of `to` gives the format. Writes a line to the access log. Raises OutcomeLinkageError when
    nothing is linked yet or the suffix is neither .csv nor .parquet.
    """
    return _export(home, _LINKS, to)


def export_refused(home: Home, to: Path) -> int:
    """Write every candidate that was refused, once from either side, with the reason; else as the links."""
    return _export(home, _REFUSED, to)


def _export(home: Home, sql: str, to: Path) -> int:
    if to.suffix not in FORMATS:
        raise OutcomeLinkageError(f"Expected a file ending in .csv or .parquet; found `{to.suffix}`.")
    if not to.parent.is_dir():
        raise OutcomeLinkageError(f"{to.parent}: there is no such folder. Make it, or name another.")
    if not home.registry.exists():
        raise OutcomeLinkageError("Nothing is linked yet. Start `outcome-linkage run`, then ask again.")
    with connect(home.registry, read_only=True) as connection:
        ((rows,),) = connection.execute(f"select count(*) from ({sql})").fetchall()
        record_access(home, "links", sql, rows)
        with replacing(to) as beside:
            connection.execute(f"copy ({sql}) to '{beside}' {FORMATS[to.suffix]}")
            beside.chmod(0o600)
    return int(rows)
