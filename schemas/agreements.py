"""Agreements as code: for each supplier and table, by what right it is held, what for, and until when.

Read from `agreements.yaml`, which the home folder may override. Here is only its shape: whether an agreement
is complete and in force is judged by `outcome_linkage.agreements`. Terms may be declared once for all
(`defaults`), for a table wherever it comes from (`tables`), for a supplier, and for a supplier's table; what
is said closer to the table counts. A supplier whose entry has a fault has no agreement.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

FILE = "agreements.yaml"


class Need(BaseModel):
    """Why some columns are needed. `kinds` names kinds of columns: only an invented agreement may say so."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    columns: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    why: str


class Terms(BaseModel):
    """What is agreed on a table; everything may be missing. Dates are last days, `retention` days by zone."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    controller: str | None = None
    processor: str | None = None
    reference: str | None = None
    ends: date | None = None
    article_6: str | None = None
    article_9_or_10: tuple[str, ...] = ()
    schedule_1: str | None = None
    confidentiality: str | None = None
    confidentiality_reference: str | None = None
    dpia: str | None = None
    dpia_review: date | None = None
    purposes: tuple[str, ...] = ()
    linkages: tuple[str, ...] | None = None
    outputs: tuple[str, ...] | None = None
    retention: dict[str, int] = {}
    necessity: tuple[Need, ...] = ()

    def under(self, closer: Terms) -> Terms:
        """These terms, where `closer` ones say nothing else. Retention and necessity add up."""
        said = {name: getattr(closer, name) for name in closer.model_fields_set & Terms.model_fields.keys()}
        added = {
            "retention": self.retention | closer.retention,
            "necessity": (*closer.necessity, *self.necessity),
        }
        return self.model_copy(update={**said, **added})

    def why_needed(self, column: str, kind: str) -> str | None:
        """Why a column of this kind is needed; None where nobody said so. Its own name counts first."""
        named = (need.why for need in self.necessity if column in need.columns)
        of_kind = (need.why for need in self.necessity if kind in need.kinds)
        return next(named, None) or next(of_kind, None)


class SupplierTerms(Terms):
    """Terms of a supplier, and of each table that its agreement names.

    Only an invented agreement may say `every table` in place of naming them.
    """

    tables: dict[str, Terms] | Literal["every table"]

    @model_validator(mode="before")
    @classmethod
    def _a_table_may_say_nothing(cls, entry: Any) -> Any:
        """A table that is only named has the terms of its supplier."""
        if isinstance(entry, dict) and isinstance(entry.get("tables"), dict):
            return {**entry, "tables": {name: terms or {} for name, terms in entry["tables"].items()}}
        return entry


@dataclass(frozen=True)
class Agreements:
    """Every agreement of an installation. `faults`: what is wrong with an entry, by supplier ("" for all).

    `backups` is the folder of backups, if one is named.
    """

    invented: bool
    defaults: Terms = field(default_factory=Terms)
    tables: Mapping[str, Terms] = field(default_factory=dict)
    suppliers: Mapping[str, SupplierTerms] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)
    backups: Path | None = None

    def terms(self, supplier: str, table: str) -> Terms | None:
        """What is agreed on a supplier's table; None where no agreement names it."""
        entry = self.suppliers.get(supplier)
        if entry is None:
            return None
        own = Terms() if isinstance(entry.tables, str) else entry.tables.get(table)
        if own is None:
            return None
        return self.defaults.under(self.tables.get(table, Terms())).under(entry).under(own)

    def fault(self, supplier: str) -> str | None:
        """What is wrong with the file, or with the supplier's entry in it."""
        return self.faults.get("") or self.faults.get(supplier)


def load_agreements(home: Path | None = None) -> Agreements:
    """The agreements of `<home>/agreements.yaml` if there is one, else the invented ones of this folder.

    A fault in what all share leaves nobody an agreement, one in a supplier's entry leaves that supplier none.
    """
    override = home / FILE if home else None
    path = override if override and override.exists() else Path(__file__).with_name(FILE)
    try:
        return _read(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        return _none(f"is not YAML{f', line {mark.line + 1}' if mark else ''}")
    except (UnicodeDecodeError, _Fault) as error:
        return _none(str(error) if isinstance(error, _Fault) else "is not UTF-8")
    except ValidationError as error:
        return _none(_told(error))


@lru_cache(maxsize=4)
def _read(text: str) -> Agreements:
    """What a file says; a run asks for it dozens of times."""
    return _agreements(_mapping(yaml.safe_load(text)))


class _Fault(ValueError):
    """What is wrong with the file."""


def _none(fault: str) -> Agreements:
    return Agreements(invented=False, faults={"": f"{FILE} {fault}"})


def _mapping(content: Any) -> dict[str, Any]:
    if not isinstance(content, dict):
        raise _Fault("should hold `defaults`, `tables` and `suppliers`")
    if unknown := sorted(map(str, set(content) - {"invented", "backups", "defaults", "tables", "suppliers"})):
        raise _Fault(f"has unknown keys: {unknown}")
    return content


def _agreements(content: Mapping[str, Any]) -> Agreements:
    invented = content.get("invented") is True
    defaults = Terms.model_validate(content.get("defaults") or {})
    tables = {
        name: Terms.model_validate(terms or {}) for name, terms in (content.get("tables") or {}).items()
    }
    if not invented and any(map(_by_kind, (defaults, *tables.values()))):
        raise _Fault("gives reasons by kind of column, which only an invented agreement may")
    suppliers, faults = {}, {}
    for name, entry in (content.get("suppliers") or {}).items():
        try:
            suppliers[name] = _entry(entry, invented)
        except ValidationError as error:
            faults[name] = f"{FILE}: {name} {_told(error)}"
        except _Fault as error:
            faults[name] = f"{FILE}: {name} {error}"
    backups = Path(content["backups"]) if content.get("backups") else None
    return Agreements(invented, defaults, tables, suppliers, faults, backups)


def _entry(entry: Any, invented: bool) -> SupplierTerms:
    terms = SupplierTerms.model_validate(entry)
    if invented:
        return terms
    if isinstance(terms.tables, str):
        raise _Fault("says `every table`; name each table that the agreement is about")
    if any(map(_by_kind, (terms, *terms.tables.values()))):
        raise _Fault("gives reasons by kind of column; give them by name")
    return terms


def _by_kind(terms: Terms) -> bool:
    return any(need.kinds for need in terms.necessity)


def _told(error: ValidationError) -> str:
    """Where the entry is not as it should be, without what stands there."""
    first = error.errors(include_input=False, include_url=False)[0]
    where = ".".join(str(part) for part in first["loc"] if part != "dict[str,Terms]")
    return f"is not as it should be at `{where}`: {first['msg']}"
