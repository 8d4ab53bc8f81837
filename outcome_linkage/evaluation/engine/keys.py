"""Keys that hold within one evaluation: HMAC with a secret of its own, made from that of the restricted zone.

Two evaluations share no person key, so that their tables cannot be joined by accident. Ids of events and of
matched sets are keyed likewise: they, too, would tell who is who.
"""

from __future__ import annotations

import hmac
from collections.abc import Collection

import duckdb

from outcome_linkage.keyed import key_pads, keyed_hash

KEYED = {
    "person_key": "person",
    "event_id": "event",
    "dup_of": "event",
    "match_set": "set",
    "cluster_key": "cluster",
}
"""Columns that are keyed, and the kind of thing that each names."""


def secret_of(evaluation: str, secret: bytes) -> bytes:
    """The secret of one evaluation, from that of the installation."""
    return hmac.digest(secret, f"evaluation|{evaluation}".encode(), "sha256")


def key_people(connection: duckdb.DuckDBPyConnection, secret: bytes) -> None:
    """`study_key`: the key of every person of `study_candidate`."""
    connection.execute(
        "create or replace temp table study_key as select person_id, "
        + keyed_hash("'person|' || person_id")
        + " as person_key from (select distinct person_id from study_candidate) as p",
        key_pads(secret),
    )


def keyed(table: str, columns: Collection[str]) -> str:
    """A select of a table with its ids replaced by keys; bind `key_pads` where it has parameters."""
    ids = {name: kind for name, kind in KEYED.items() if name in columns}
    others = [
        f"case when t.{name} is not null then {keyed_hash(_text(name, kind))} end as {name}"
        for name, kind in ids.items()
        if kind != "person"
    ]
    if "person_key" not in columns:
        return f"select t.* from temp.{table} as t"
    replaced = ", ".join(["k.person_key as person_key", *others])
    return (
        f"select t.* replace ({replaced}) from temp.{table} as t "
        "inner join study_key as k on k.person_id = t.person_key"
    )


def _text(name: str, kind: str) -> str:
    return f"'{kind}|' || cast(t.{name} as varchar)"


def has_parameters(columns: Collection[str]) -> bool:
    """Whether `keyed` of these columns holds parameters."""
    return "person_key" in columns and any(name in columns for name in KEYED if name != "person_key")
