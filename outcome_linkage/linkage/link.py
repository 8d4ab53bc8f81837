"""The linkage run: tokens in, stable person ids out. Each step is a function over one database in memory."""

from __future__ import annotations

from collections.abc import Sequence

from outcome_linkage.home import Home
from outcome_linkage.linkage.changed import mark_unchanged
from outcome_linkage.linkage.commit import Run, commit_run
from outcome_linkage.linkage.households import describe_households
from outcome_linkage.linkage.identities import input_hash, load, open_linkage
from outcome_linkage.linkage.ids import assign_ids
from outcome_linkage.linkage.objections import NOBODY_OBJECTS, find_fresh, find_mates, load_objections
from outcome_linkage.linkage.persons import find_persons
from outcome_linkage.linkage.registry import (
    LinkageReport,
    attach_registry,
    last_report,
    load_known,
    model_in_use,
)
from outcome_linkage.linkage.spine import describe_persons
from outcome_linkage.linkage.tombstones import look_at_the_bereaved, raise_tombstones
from outcome_linkage.linkage.touched import basis_of, choose_described

# Raise it when the same input is to be linked or described otherwise; the passes have a version of their own.
LINKAGE_VERSION = "4"


def link(
    home: Home,
    tokens_sql: str,
    records_sql: str,
    run_id: str,
    suppliers: Sequence[str] = (),
    *,
    opt_outs_sql: str = NOBODY_OBJECTS,
    full: bool = False,
    retrain: bool = False,
) -> LinkageReport:
    """Link all records that the two queries give, and bring the registry of `home` up to date.

    `tokens_sql`: columns of the contract `link_tokens` and `_supplier`; `records_sql`: (supplier, record_key)
    of every other table. `suppliers`: all there are, the most trusted first where they differ about a person.
    `opt_outs_sql`: (supplier, record_key, scope, first day) of objections; what they mean is withdrawn for
    good.
    Only records that have come or changed since the last run are looked at, unless `full`; `retrain` finds a
    new model first, by which everything is looked at again. The registry changes in one transaction, and not
    at all when the input, the suppliers and the rules are those of the last run.
    """
    home.ensure()
    mates = find_mates(home, tokens_sql, records_sql, opt_outs_sql)
    connection = open_linkage(home.restricted / ".duckdb_spill")
    try:
        load(connection, tokens_sql, records_sql)
        load_objections(connection, opt_outs_sql)
        attach_registry(connection, home)
        digest = input_hash(connection, LINKAGE_VERSION, *suppliers)
        unchanged = None if retrain else last_report(connection, digest, full)
        if unchanged:
            return unchanged
        find_fresh(connection)
        raise_tombstones(connection, mates)
        model = model_in_use(connection, retrain)
        load_known(connection)
        mark_unchanged(connection, model, full)
        look_at_the_bereaved(connection)
        find_persons(connection, model)
        assign_ids(connection, home.secret("registry"))
        basis = basis_of(connection, LINKAGE_VERSION, suppliers)
        choose_described(connection, basis)
        describe_persons(connection, suppliers)
        describe_households(connection)
        return commit_run(connection, Run(run_id, digest, basis, model, full))
    finally:
        connection.close()
