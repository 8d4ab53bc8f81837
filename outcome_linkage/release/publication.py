"""The publication list: which tables and columns researchers may see. What is not listed is not published.

Read from `dbt_like_sql/publication.yaml`:

    tables:
      person: [person_id, birth_year, sex]
      ev_standing.status_counts: [adversity_domain, outcome, people]

Some columns may not be listed at all: see FORBIDDEN.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import yaml

from outcome_linkage.errors import OutcomeLinkageError

Publication = Mapping[str, tuple[str, ...]]

# What would let someone be found again, or lead back to a supplier's file. Matched against whole names.
FORBIDDEN: dict[str, str] = {
    r"(.*_)?record_key": "the supplier's id for a person",
    r"(tok|sid)_.*|k\d\d|.*_token": "a keyed hash of an identifier",
    r"_?(file|row|period|delivery)|.*_delivery": "where the row was delivered",
    r".*lsoa.*|.*postcode.*|.*uprn.*": "a small area of residence",
    r".*birth_(month|date|day)|.*(^|_)dob|death_month": "more of a date of birth than its year",
    r"nhs_number|upn|pnc_id|.*(forename|surname)": "an identifier",
}
_NAME = re.compile(r"([a-z][a-z0-9_]*\.)?[a-z][a-z0-9_]*")


class NotPublishable(OutcomeLinkageError):
    """The publication list asks for what may not, or cannot, be published."""


def load_publication(path: Path) -> Publication:
    """The publication list in a YAML file. Raises NotPublishable."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    tables = content.get("tables") if isinstance(content, dict) else None
    if not isinstance(tables, dict) or not all(isinstance(columns, list) for columns in tables.values()):
        raise NotPublishable(f"{path.name}: expected `tables:` with a list of columns for each table.")
    publication = {str(name): tuple(map(str, columns)) for name, columns in sorted(tables.items())}
    check_publication(publication)
    return publication


def check_publication(publication: Publication) -> None:
    """Raise NotPublishable for a column that may never be published, a malformed name or a repetition."""
    if not publication:
        raise NotPublishable("The publication list names no table.")
    for table, columns in publication.items():
        if not _NAME.fullmatch(table) or not columns:
            raise NotPublishable(f"{table}: expected a table's name and at least one column.")
        if len(set(columns)) != len(columns):
            raise NotPublishable(f"{table}: a column is listed twice.")
        for column in columns:
            if why := forbidden(column):
                raise NotPublishable(f"{table}.{column} may not be published: it is {why}. Unlist it.")


def forbidden(column: str) -> str | None:
    """Why a column of this name may never be published; None if it may."""
    return next((why for names, why in FORBIDDEN.items() if re.fullmatch(names, column)), None)
