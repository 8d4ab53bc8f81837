"""The linkers of the comparison; `compare` runs each in a process of its own.

A data set is a folder: an invented region, or tokens.parquet, truth.parquet and perhaps clear.parquet.
"""

from __future__ import annotations

import json
import logging
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from duckdb import DuckDBPyConnection

from benchmarks.linkage.region import NOBODY, tokens_of
from outcome_linkage.home import Home
from outcome_linkage.linkage import model as weights
from outcome_linkage.linkage import persons, residual
from outcome_linkage.linkage.blocking import BLOCKS, block_pairs, columns_of
from outcome_linkage.linkage.candidates import find_candidates, judge_candidates
from outcome_linkage.linkage.changed import mark_unchanged
from outcome_linkage.linkage.duplicates import collapse_duplicates
from outcome_linkage.linkage.frequencies import count_frequencies
from outcome_linkage.linkage.identities import load, open_linkage
from outcome_linkage.linkage.link import link
from outcome_linkage.linkage.passes import DUPLICATES, PASSES
from outcome_linkage.linkage.registry import attach_registry, load_known, model_in_use
from outcome_linkage.linkage.resolve import resolve
from outcome_linkage.linkage.scoring import count_tokens, score

Linked = str  # SQL for (record, cluster)
_PRIOR = (
    "record integer, person_no bigint, pass varchar, level varchar, weight double, runner_up_weight double"
)
_OURS = "select record, cluster from linked"
_UNITS = "select m.record, c.cluster from member as m join cluster as c using (unit)"


@dataclass(frozen=True)
class Linker:
    """A way to link: what it is called, and what makes the links of a loaded database."""

    title: str
    link: Callable[[DuckDBPyConnection, Path], Linked]
    needs_clear_text: bool = False


def ours(connection: DuckDBPyConnection, _: Path) -> Linked:
    """Keys, then the model on what they leave; trained on the spot."""
    persons.find_persons(connection)
    return _OURS


def ours_broad(connection: DuckDBPyConnection, _: Path) -> Linked:
    """The same, persons joined at even odds too."""
    persons.find_persons(connection)
    return (
        "select record, coalesce(broad_cluster, cluster) as cluster "
        "from linked left join broader using (cluster)"
    )


def keys_alone(connection: DuckDBPyConnection, _: Path) -> Linked:
    """Strong ids and link keys, one-to-one."""
    connection.execute(
        "create table refused (a integer, b integer, pass varchar, weight double, reason varchar)"
    )
    count_frequencies(connection, (*PASSES, *DUPLICATES))
    collapse_duplicates(connection, None)
    persons.start_clusters(connection)
    find_candidates(connection)
    judge_candidates(connection)
    connection.execute("create table ranked as select a, b, support - 100 * pass as weight from edge")
    connection.execute("create table dropped (a integer, b integer, reason varchar)")
    resolve(connection, "ranked", "dropped")
    return _UNITS


def tiered_splink(connection: DuckDBPyConnection, _: Path) -> Linked:
    """Our comparisons, but Splink scores all records, trained as it is by default; our one-to-one."""
    return _tiered(connection, sample=None)


def tiered_splink_sampled(connection: DuckDBPyConnection, _: Path) -> Linked:
    """The same, trained on a sample of a million blocked pairs as ours is."""
    return _tiered(connection, sample=weights.BLOCKED_PAIRS)


def _tiered(connection: DuckDBPyConnection, sample: float | None) -> Linked:
    connection.execute(
        "create table refused (a integer, b integer, pass varchar, weight double, reason varchar)"
    )
    weights.BLOCKED_PAIRS = sample  # type: ignore[assignment]
    trained = weights.train(connection)
    count_frequencies(connection, DUPLICATES)
    count_tokens(connection, trained)
    collapse_duplicates(connection, None)
    persons.start_clusters(connection)
    columns = ", ".join(columns_of(BLOCKS))
    connection.execute(f"create view every_row as select row, is_new, supplier_no, {columns} from identity")
    connection.execute("""
        create view seeker as
        with size as (select supplier_no, count(*) as records from record group by supplier_no)
        select r.*, larger.supplier_no as seeks
        from every_row as r join size as own on own.supplier_no = r.supplier_no
        join size as larger on (larger.records, larger.supplier_no) > (own.records, own.supplier_no)
    """)
    block_pairs(connection, BLOCKS, "seeker", "every_row", "true", "pair")
    score(connection, trained, "pair", "scored")
    connection.execute("create table dropped (a integer, b integer, reason varchar)")
    resolve(connection, "scored", "dropped", residual.MARGIN, residual.THRESHOLDS["main"])
    return _UNITS


def splink_default(connection: DuckDBPyConnection, _: Path) -> Linked:
    """Splink as its documentation begins: one token a field, exact matches, connected components at 0.95."""
    from splink import block_on
    from splink import comparison_library as cl

    fields = ("tok_forename", "tok_surname", "tok_dob", "tok_postcode")
    comparisons = [cl.ExactMatch(field).configure(term_frequency_adjustments=True) for field in fields]
    blocks = [
        block_on("tok_forename", "tok_surname"),
        block_on("tok_dob", "tok_forename"),
        block_on("tok_dob", "tok_surname"),
        block_on("tok_postcode", "tok_forename"),
        block_on("tok_dob", "tok_postcode"),
    ]
    certain = ["l.tok_forename = r.tok_forename and l.tok_surname = r.tok_surname and l.tok_dob = r.tok_dob"]
    training = (block_on("tok_dob"), block_on("tok_forename", "tok_surname"))
    return _documented(connection, "identity", comparisons, blocks, certain, training)


def splink_clear(connection: DuckDBPyConnection, folder: Path) -> Linked:
    """Splink's own comparisons of names, dates and postcodes on clear text, connected components at 0.95."""
    from splink import block_on
    from splink import comparison_library as cl

    connection.execute(f"""
        create table clear as
        select r.record as row, r.record, r.supplier_no, c.* exclude (record_key, _supplier),
            regexp_extract(address_line_1, '^[0-9]+') as house,
            regexp_replace(address_line_1, '^[0-9]+ ', '') as street
        from read_parquet('{folder / "clear.parquet"}') as c join record as r on r.record_key = c.record_key
    """)
    comparisons = [
        cl.NameComparison("forename"),
        cl.NameComparison("surname"),
        cl.DateOfBirthComparison("dob", input_is_string=True, invalid_dates_as_null=True),
        cl.ExactMatch("postcode").configure(term_frequency_adjustments=True),
        cl.ExactMatch("house"),
        cl.JaroWinklerAtThresholds("street"),
    ]
    blocks = [
        block_on("forename", "surname"),
        block_on("dob"),
        block_on("postcode", "forename"),
        block_on("postcode", "surname"),
        block_on("street", "house"),
    ]
    certain = ["l.forename = r.forename and l.surname = r.surname and l.dob = r.dob"]
    training = (block_on("dob"), block_on("forename", "surname"))
    return _documented(connection, "clear", comparisons, blocks, certain, training)


def _documented(
    connection: DuckDBPyConnection,
    table: str,
    comparisons: list[Any],
    blocks: list[Any],
    certain: list[str],
    training: tuple[Any, ...],
) -> Linked:
    """Train, predict and cluster as in Splink's getting-started pages."""
    from splink import DuckDBAPI, SettingsCreator
    from splink import Linker as SplinkLinker

    weights.quietly()
    database = DuckDBAPI(connection=connection)
    several = connection.execute("select count(*) > 1 from supplier").fetchall()[0][0]
    numbers = [n for (n,) in connection.execute("select supplier_no from supplier order by 1").fetchall()]
    inputs = []
    for number in numbers:
        connection.execute(
            f"create table supplier_{number} as select * from {table} where supplier_no = {number}"
        )
        inputs.append(database.register(f"supplier_{number}", dataset_display_name=f"s{number}"))
    settings = SettingsCreator(
        link_type="link_only" if several else "dedupe_only",
        unique_id_column_name="row",
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=blocks,
        additional_columns_to_retain=["record"],
    )
    linker = SplinkLinker(inputs if several else inputs[0], settings, log_level=logging.ERROR)
    linker.training.estimate_probability_two_random_records_match(certain, recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for block in training:
        linker.training.estimate_parameters_using_expectation_maximisation(block)
    predicted = linker.inference.predict(threshold_match_probability=0.5)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(
        predicted, threshold_match_probability=0.95
    )
    return f"select record, min(cluster_id) as cluster from {clusters.physical_name} group by record"


LINKERS: dict[str, Linker] = {
    "clear": Linker("Splink, documented default, clear text", splink_clear, needs_clear_text=True),
    "default": Linker("Splink, documented default, one token a field", splink_default),
    "tiered": Linker("Splink on all records, our comparisons and one-to-one", tiered_splink),
    "tiered_sampled": Linker("the same, trained on a sample", tiered_splink_sampled),
    "keys": Linker("our keys alone", keys_alone),
    "ours": Linker("ours: keys, then the model", ours),
    "ours_broad": Linker("ours at the broad level", ours_broad),
}


NIGHT, NIGHT_TITLE = "night", "ours, a night with 1 % new records"


def tokens_sql(folder: Path) -> str:
    """SQL for the tokens of a data set."""
    if (folder / "tokens.parquet").exists():
        return f"select * from read_parquet('{folder / 'tokens.parquet'}')"
    return tokens_of(folder)


def truth_sql(folder: Path) -> str:
    """SQL for record_key, person, ethnicity5."""
    if (folder / "truth.parquet").exists():
        return f"select record_key, person, ethnicity5 from read_parquet('{folder / 'truth.parquet'}')"
    truth = folder / "truth"
    return (
        f"select distinct r.record_key, r.person, p.ethnicity5 "
        f"from read_parquet('{truth / 'records.parquet'}') as r "
        f"join read_parquet('{truth / 'people.parquet'}') as p on p.person = r.person"
    )


def judge(connection: DuckDBPyConnection, folder: Path, linked: Linked) -> dict[str, Any]:
    """Precision, recall and F1 over pairs of two suppliers (of one, if there is one); the worst group."""
    connection.execute(f"""
        create or replace table judged as
        select r.record, r.supplier_no, coalesce(l.cluster::varchar, 'r' || r.record) as cluster, t.person,
            t.ethnicity5
        from record as r join ({truth_sql(folder)}) as t on t.record_key = r.record_key
        left join ({linked}) as l on l.record = r.record
    """)
    ((suppliers,),) = connection.execute("select count(*) from supplier").fetchall()
    pair = "a.supplier_no < b.supplier_no" if suppliers > 1 else "a.record < b.record"
    groups = connection.execute(f"""
        select a.ethnicity5, count(*), count(*) filter (a.cluster = b.cluster)
        from judged as a join judged as b on a.person = b.person and {pair} group by a.ethnicity5
    """).fetchall()
    ((made,),) = connection.execute(
        f"select count(*) from judged as a join judged as b on a.cluster = b.cluster and {pair}"
    ).fetchall()
    true, both = sum(n for _, n, _ in groups), sum(m for _, _, m in groups)
    figures: dict[str, Any] = {
        "precision": both / max(made, 1),
        "recall": both / max(true, 1),
        "f1": 2 * both / max(made + true, 1),
    }
    if len(groups) > 1:
        worst = min((m / n, name) for name, n, m in groups)
        figures |= {"worst_group": worst[1], "worst_recall": worst[0]}
    return figures


def measured(linker: Linker, folder: Path, scratch: Path) -> dict[str, Any]:
    """Load, link, judge; seconds and memory without the judging."""
    started = time.perf_counter()
    connection = open_linkage(scratch)
    load(connection, tokens_sql(folder), NOBODY)
    connection.execute(f"create table prior ({_PRIOR})")
    linked = linker.link(connection, folder)
    return _used(started) | judge(connection, folder, linked)


def measured_night(folder: Path, scratch: Path) -> dict[str, Any]:
    """The whole of a night with 1% new records: the registry, its descriptions and its file included."""
    home, suppliers = Home(scratch / "home"), ("health", "local_authority", "police")
    before = f"select * from ({tokens_sql(folder)}) where ('0x' || record_key[1:6])::bigint % 100 <> 7"
    subprocess.run([sys.executable, "-c", _DAY_BEFORE, str(home.root), before], check=True)
    to_persons = _to_persons(home, folder, scratch)
    registry_before = shutil.copy(home.registry, scratch / "before.duckdb")
    started = time.perf_counter()
    link(home, tokens_sql(folder), NOBODY, "night", suppliers)
    used = _used(started) | {"seconds_to_persons": to_persons}
    connection = open_linkage(scratch)
    load(connection, tokens_sql(folder), NOBODY)
    connection.execute(f"attach '{home.registry}' as registry (read_only)")
    used["changed_ids"] = _changed_ids(connection, registry_before)
    linked = (
        "select r.record, p.person_id as cluster "
        "from registry.record_person as p join record as r using (supplier, record_key)"
    )
    return used | judge(connection, folder, linked)


def _changed_ids(connection: DuckDBPyConnection, registry_before: Path) -> float:
    """Share of the records of before whose person has another id now."""
    connection.execute(f"attach '{registry_before}' as before (read_only)")
    ((share,),) = connection.execute("""
        select count(*) filter (n.person_id is distinct from b.person_id) / count(*)
        from before.record_person as b left join registry.record_person as n using (supplier, record_key)
    """).fetchall()
    return float(share)


def _to_persons(home: Home, folder: Path, scratch: Path) -> float:
    """Seconds from the tokens to persons, where the other linkers end; nothing is written."""
    started = time.perf_counter()
    connection = open_linkage(scratch)
    load(connection, tokens_sql(folder), NOBODY)
    attach_registry(connection, home)
    trained = model_in_use(connection)
    load_known(connection)
    mark_unchanged(connection, trained, full=False)
    persons.find_persons(connection, trained)
    connection.close()
    return time.perf_counter() - started


_DAY_BEFORE = """
import sys
from pathlib import Path
from outcome_linkage.home import Home
from outcome_linkage.linkage.link import link
nobody = "select null::varchar, null::varchar where false"
link(Home(Path(sys.argv[1])), sys.argv[2], nobody, "day before", ("health", "local_authority", "police"))
"""


def _used(started: float) -> dict[str, float]:
    gigabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    return {"seconds": time.perf_counter() - started, "gigabytes": gigabytes}


def main() -> None:
    """The figures of one linker on one data set, as one line of JSON."""
    name, folder = sys.argv[1], Path(sys.argv[2])
    with tempfile.TemporaryDirectory() as scratch:
        if name == NIGHT:
            figures = measured_night(folder, Path(scratch))
        else:
            figures = measured(LINKERS[name], folder, Path(scratch))
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
