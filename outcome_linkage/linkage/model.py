"""The model of the residual: Fellegi-Sunter weights of the comparisons, found by Splink and kept as JSON.

A model is trained on all records, never on what the keys leave, and kept until the linker asks for another:
the same model gives a pair the same weight every night. Where too few pairs are certain to learn from, the
model that comes with the software is used; it was trained on an invented region (`models/README.md`).
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, NamedTuple

from duckdb import DuckDBPyConnection

from outcome_linkage.errors import OutcomeLinkageError
from outcome_linkage.linkage.comparisons import COLUMNS, COMPARISONS, DIFFERENT, MISSING, comparisons_version
from outcome_linkage.linkage.passes import rules_version

# Fewer certain pairs than this cannot train a model.
FEWEST_CERTAIN_PAIRS = 300
# Splink's default of a million pairs is too few for the rarest levels.
_RANDOM_PAIRS, BLOCKED_PAIRS, _SEED = 1e7, 3e5, 1
# Each comparison is trained on pairs that agree in something else.
_BLOCKS = (("tok_dob",), ("tok_forename", "tok_surname"))
_PRIOR_PAIRS = 1e6
_CERTAIN = ("tok_forename", "tok_surname", "tok_dob", "tok_postcode")
_CERTAIN_KEY = "k01"  # one token of all four
Settings = dict[str, Any]


@dataclass(frozen=True)
class Model:
    """Weights of every level of every comparison, as Splink saves them, and where they come from."""

    settings: Settings
    origin: str

    @property
    def version(self) -> str:
        """Names the weights: equal text, equal weights."""
        text = json.dumps(self.settings, sort_keys=True)
        return f"fs-{hashlib.sha256(text.encode()).hexdigest()[:8]}"

    @property
    def full_version(self) -> str:
        """Names the passes and the weights together: what decides a link."""
        return f"{rules_version()}.{self.version}"

    def probabilities(self, comparison: str) -> dict[str, tuple[float, float]]:
        """m and u of each level: the chance of the level among true pairs, and among random ones."""
        levels = _by_name(self.settings)[comparison]["comparison_levels"]
        return {
            level["label_for_charts"]: (level["m_probability"], level["u_probability"])
            for level in levels
            if not level.get("is_null_level")
        }

    @property
    def prior(self) -> float:
        """The chance that two random records of two suppliers are one person."""
        return float(self.settings["probability_two_random_records_match"])

    def to_json(self) -> str:
        """The model as text, for the registry."""
        stored = {"comparisons": comparisons_version(), "origin": self.origin, "settings": self.settings}
        return json.dumps(stored, sort_keys=True, indent=1)


def from_json(text: str) -> Model | None:
    """Read a stored model; None when it compares something else than this version of the software."""
    stored = json.loads(text)
    if stored["comparisons"] != comparisons_version():
        return None
    return Model(stored["settings"], stored["origin"])


def shipped() -> Model:
    """The model that comes with the software.

    Raises OutcomeLinkageError when it was not trained again after a change of the comparisons.
    """
    stored = files("outcome_linkage.linkage").joinpath("models/invented_region.json").read_text()
    model = from_json(stored)
    if model is None:
        raise OutcomeLinkageError(
            "The model that comes with the software compares something else than the software: "
            "train it again with `python -m benchmarks.linkage.train_shipped`."
        )
    return model


def train(connection: DuckDBPyConnection) -> Model:
    """A model of the records at hand; the shipped one where too few pairs are certain. Needs `identity`."""
    _one_row_a_record(connection)
    across, within = _count_pairs(connection)
    certain, pairs = int(across.certain + within.certain), across.pairs + within.pairs
    if certain < FEWEST_CERTAIN_PAIRS:
        connection.execute("drop table training")
        return shipped()
    settings = _estimate(connection, certain)
    _take_out_matches(settings, certain / _share_certain(settings) / pairs)
    looked_for = across if across.pairs else within
    prior = looked_for.certain / _share_certain(settings) / looked_for.pairs
    settings["probability_two_random_records_match"] = _rounded(prior)
    connection.execute("drop table training")
    return Model(settings, f"trained on records with {certain:,} certain pairs")


def within_supplier(connection: DuckDBPyConnection, model: Model) -> dict[int, float]:
    """The chance that two random records of one supplier are one person, by supplier_no.

    Pairs that are certain, over the share of true pairs that are as certain, over all pairs; with few records
    near to the prior of the model, which counts as a million pairs.
    """
    rows = connection.execute(f"""
        with shared as (
            select supplier_no, {_CERTAIN_KEY} from identity where {_CERTAIN_KEY} is not null
            group by supplier_no, {_CERTAIN_KEY} having min(record) < max(record)
        ),
        described as (
            select distinct supplier_no, record, {_CERTAIN_KEY}
            from identity semi join shared using (supplier_no, {_CERTAIN_KEY})
        ),
        holder as (select supplier_no, count(*) as n from described group by supplier_no, {_CERTAIN_KEY}),
        pairs as (select supplier_no, sum(n * (n - 1) / 2) as n from holder group by supplier_no),
        size as (select supplier_no, count(*) as n from record group by supplier_no)
        select size.supplier_no, coalesce(pairs.n, 0), size.n * (size.n - 1) / 2
        from size left join pairs using (supplier_no)
    """).fetchall()
    share = _share_certain(model.settings)
    return {
        supplier: (certain / share + model.prior * _PRIOR_PAIRS) / (pairs + _PRIOR_PAIRS)
        for supplier, certain, pairs in rows
    }


def settings_of(comparisons: Mapping[str, Any] | None = None, prior: float = 1e-6) -> Settings:
    """Splink's settings for COMPARISONS; `comparisons`: trained ones by name."""
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "row",
        "additional_columns_to_retain": ["unit"],
        "retain_matching_columns": True,
        "blocking_rules_to_generate_predictions": [],
        "probability_two_random_records_match": prior,
        "em_convergence": 0.001,
        "comparisons": [(comparisons or {}).get(c.name) or _untrained(c.name) for c in COMPARISONS],
    }


def _untrained(name: str) -> dict[str, Any]:
    comparison = next(c for c in COMPARISONS if c.name == name)
    levels: list[dict[str, Any]] = [
        {"sql_condition": comparison.missing, "label_for_charts": MISSING, "is_null_level": True}
    ]
    for level in comparison.levels:
        tf = {"tf_adjustment_column": level.frequency, "tf_adjustment_weight": 1.0} if level.frequency else {}
        levels.append({"sql_condition": level.when, "label_for_charts": level.name, **tf})
    levels.append({"sql_condition": "ELSE", "label_for_charts": DIFFERENT})
    return {"output_column_name": name, "comparison_levels": levels}


def _by_name(settings: Settings) -> dict[str, Any]:
    return {comparison["output_column_name"]: comparison for comparison in settings["comparisons"]}


def _one_row_a_record(connection: DuckDBPyConnection) -> None:
    """Table `training`: the row of each record that holds now or held last."""
    columns = ", ".join(COLUMNS)
    connection.execute(f"""
        create or replace table training as
        select record as row, unit, supplier_no, {columns} from identity
        qualify row_number() over (
            partition by record
            order by coalesce(valid_to, date '9999-12-31') desc, valid_from desc nulls last, {columns}
        ) = 1
        order by record
    """)


class _Pairs(NamedTuple):
    """Pairs of records that agree in both names, birthday and postcode, of all pairs."""

    certain: float
    pairs: float


def _count_pairs(connection: DuckDBPyConnection) -> tuple[_Pairs, _Pairs]:
    """Of two suppliers, and of one."""
    columns = ", ".join(_CERTAIN)
    (row,) = connection.execute(f"""
        with holder as (
            select {columns}, supplier_no, count(*) as n from training where {_known(_CERTAIN)}
            group by {columns}, supplier_no
        ),
        person as (select sum(n) as n, sum(n * n) as squares from holder group by {columns}),
        size as (select count(*) as n from training group by supplier_no)
        select (select coalesce(sum(n * n - squares) / 2, 0) from person),
            (select coalesce(sum(squares - n) / 2, 0) from person),
            (sum(n) * sum(n) - sum(n * n)) / 2, (sum(n * n) - sum(n)) / 2
        from size
    """).fetchall()
    across, within, pairs_across, pairs_within = (float(number or 0) for number in row)
    return _Pairs(across, pairs_across), _Pairs(within, pairs_within)


def _known(columns: tuple[str, ...]) -> str:
    return " and ".join(f"{column} is not null" for column in columns)


def _take_out_matches(settings: Settings, share: float) -> None:
    """Random pairs hold a few matches, which make a rare level look common.

    With a share s of matches, u = (seen - s m) / (1 - s).
    At least a fiftieth of what was seen stays: the rest of the correction would rest on too few pairs.
    """
    for comparison in settings["comparisons"]:
        for level in comparison["comparison_levels"]:
            if not level.get("is_null_level"):
                seen, m = level["u_probability"], level["m_probability"]
                level["u_probability"] = _rounded(max((seen - share * m) / (1 - share), seen / 50))


def _share_certain(settings: Settings) -> float:
    """The share of true pairs that agree in names, birthday and postcode, comparisons being independent."""
    comparisons, share = _by_name(settings), 1.0
    for name, levels in (
        ("forename", ("same",)),
        ("surname", ("same",)),
        ("birthday", ("same",)),
        ("place", ("same address", "same postcode and house or street", "same postcode")),
    ):
        trained = comparisons[name]["comparison_levels"]
        share *= sum(level["m_probability"] for level in trained if level["label_for_charts"] in levels)
    return share


def _estimate(connection: DuckDBPyConnection, certain: float) -> Settings:
    """u from random pairs, m by expectation maximisation on two blocks; Splink's own estimators."""
    from splink import DuckDBAPI, Linker, block_on

    quietly()
    database = DuckDBAPI(connection=connection)
    linker = Linker(database.register("training"), settings_of(), log_level=logging.ERROR)
    linker.training.estimate_u_using_random_sampling(max_pairs=_RANDOM_PAIRS, seed=_SEED)
    for columns in _BLOCKS:
        linker.training.estimate_parameters_using_expectation_maximisation(
            block_on(*columns), estimate_without_term_frequencies=True, max_pairs=BLOCKED_PAIRS
        )
    trained = _by_name(_filled(linker.misc.save_model_to_json(), certain))
    linker.table_management.delete_tables_created_by_splink_from_db()
    return settings_of(trained)


def _filled(settings: Settings, certain: float) -> Settings:
    """A level that training never met counts as half a pair of those that were looked at.

    Rounded, so that the order in which numbers were summed does not make another model.
    """
    for comparison in settings["comparisons"]:
        for level in comparison["comparison_levels"]:
            if not level.get("is_null_level"):
                level["m_probability"] = _rounded(max(level.get("m_probability") or 0, 0.5 / certain))
                level["u_probability"] = _rounded(max(level.get("u_probability") or 0, 0.5 / _RANDOM_PAIRS))
    return settings


def _rounded(probability: float) -> float:
    return float(f"{probability:.5g}")


def quietly() -> None:
    """Splink tells of its progress through logging; a run of ours does not."""
    logging.getLogger("splink").setLevel(logging.ERROR)
