"""What the model says of pairs: Splink's match weight, and the level of every comparison behind it."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from duckdb import DuckDBPyConnection

from outcome_linkage.linkage.comparisons import COLUMNS, COMPARISONS, FREQUENCIES, MISSING, names_of
from outcome_linkage.linkage.model import Model, quietly

# Below the odds of 1 in 100 a pair is not even a rival.
LEAST_WEIGHT = -6.6
# How much a token's frequency at hand counts beside the average one: as many records.
_PRIOR_RECORDS = 10_000


def score(connection: DuckDBPyConnection, model: Model, pairs: str, scored: str) -> None:
    """Make table `scored`: a, b (units, a < b), weight (log2 odds), and a level for each comparison by name.

    `pairs` (l, r) are rows of `identity`. Of two units the best pair of rows counts; what is below
    LEAST_WEIGHT is left out.
    """
    fields = {c.name: ("varchar", _level(c.name)) for c in COMPARISONS}
    _best_of_units(connection, model, pairs, scored, fields, LEAST_WEIGHT)


def weigh(connection: DuckDBPyConnection, model: Model, pairs: str, weighed: str) -> None:
    """As `score`, with nothing left out; for each comparison also what it adds to the weight.

    `<name>_bits` is log2(m / u) of the level, `<name>_rarity` what the token's own frequency adds to that.
    The weight is the sum of both over all comparisons and of the prior's log2 odds.
    """
    fields = {}
    for comparison in COMPARISONS:
        name, has_frequency = comparison.name, any(level.frequency for level in comparison.levels)
        fields[name] = ("varchar", _level(name))
        fields[f"{name}_bits"] = ("double", f"mw_{name}::double")
        fields[f"{name}_rarity"] = ("double", f"mw_tf_adj_{name}::double" if has_frequency else "0.0::double")
    _best_of_units(connection, model, pairs, weighed, fields, None)


def _best_of_units(
    connection: DuckDBPyConnection,
    model: Model,
    pairs: str,
    scored: str,
    fields: Mapping[str, tuple[str, str]],
    least: float | None,
) -> None:
    """Table `scored`: a, b, weight and `fields` (type and SQL over Splink's columns) of the best rows."""
    if not connection.execute(f"select 1 from {pairs} limit 1").fetchall():
        empty = ", ".join(f"null::{kind} as {name}" for name, (kind, _) in fields.items())
        connection.execute(
            f"create or replace table {scored} as "
            f"select 0 as a, 0 as b, 0.0::double as weight, {empty} where false"
        )
        return
    best = ", ".join(f"'{name}': {sql}" for name, (_, sql) in fields.items())
    columns = ", ".join(f"best['{name}'] as {name}" for name in fields)
    predicted = _predict(connection, model, pairs, least)
    connection.execute(f"""
        create or replace table {scored} as
        with best as (
            select least(unit_l, unit_r) as a, greatest(unit_l, unit_r) as b, max(match_weight) as weight,
                arg_max({{{best}}}, (match_weight, -row_l, -row_r)) as best
            from {predicted} where unit_l <> unit_r group by all
        )
        select a, b, weight, {columns} from best
    """)
    connection.execute(f"drop table {predicted}; drop table scoring_row; drop table scoring_pair")


def count_tokens(connection: DuckDBPyConnection, model: Model) -> None:
    """Tables `tf_<token>`: how common each value is; with few records, near to what is usual for the token.

    Needs `identity`. A value of which n of N records know is expected with (n + k u) / (N + k), u being the
    chance that two random records agree, k 10,000.
    """
    usual = _usual_frequency(model)
    for token in FREQUENCIES:
        connection.execute(f"""
            create or replace table tf_{token} as
            with counted as (
                select {token}, count(*) as n from identity where {token} is not null group by {token}
            )
            select {token},
                (n + {_PRIOR_RECORDS} * {usual[token]}) / (sum(n) over () + {_PRIOR_RECORDS}) as tf_{token}
            from counted
        """)


def _usual_frequency(model: Model) -> dict[str, float]:
    return {
        level.frequency: model.probabilities(comparison.name)[level.name][1]
        for comparison in COMPARISONS
        for level in comparison.levels
        if level.frequency
    }


def _level(comparison: str) -> str:
    """SQL for the name of the level that Splink gives as a number, -1 for a missing value."""
    found = next(c for c in COMPARISONS if c.name == comparison)
    names = ", ".join(f"'{name}'" for name in (MISSING, *names_of(found)))
    return f"[{names}][gamma_{comparison} + 2]"


def _predict(connection: DuckDBPyConnection, model: Model, pairs: str, least: float | None) -> str:
    """The table with Splink's predictions for exactly these pairs; all of them, with their parts, without a
    least weight.
    """
    from splink import DuckDBAPI, Linker

    quietly()
    columns = ", ".join(f"i.{column}" for column in ("row", "unit", *COLUMNS))
    connection.execute(f"""
        create or replace table scoring_row as
        select {columns} from identity as i
        where i.row in (select l from {pairs} union select r from {pairs})
    """)
    connection.execute(f"""
        create or replace table scoring_pair as
        select l as join_key_l, r as join_key_r, '0' as match_key from {pairs}
    """)
    database = DuckDBAPI(connection=connection)
    settings = {**model.settings, "retain_intermediate_calculation_columns": least is None}
    # the settings are those of `settings_of`; checking them again takes longer than few pairs do
    linker = Linker(
        database.register("scoring_row"), settings, log_level=logging.ERROR, validate_settings=False
    )
    for token in FREQUENCIES:
        linker.table_management.register_term_frequency_lookup(database.register(f"tf_{token}"), token)
    linker.table_management.register_blocked_pairs_for_predict(database.register("scoring_pair"))
    predicted = linker.inference.predict(threshold_match_weight=least, warning_mode="never")
    parts = "columns('^(gamma|mw)_')" if least is None else "columns('^gamma_')"
    connection.execute(
        f"create or replace table predicted as "
        f"select row_l, row_r, unit_l, unit_r, match_weight, {parts} from {predicted.physical_name}"
    )
    linker.table_management.delete_tables_created_by_splink_from_db()
    return "predicted"
