"""Writes docs/dictionary/: what suppliers send and researchers query, from contracts, code lists and SQL.

.venv/bin/python -m docs.generate_dictionary
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from outcome_linkage.dictionary.data_package import deliveries_package, published_package
from outcome_linkage.dictionary.delivered import delivered_tables
from outcome_linkage.dictionary.facts import Dictionary, published_only
from outcome_linkage.dictionary.page import html
from outcome_linkage.dictionary.research import build_empty, research_tables
from outcome_linkage.dictionary.sheets import sheets
from outcome_linkage.files import write_text
from outcome_linkage.home import Home
from outcome_linkage.models.graph import build_graph
from outcome_linkage.models.sources import Sources
from outcome_linkage.models.sql_file import load_models
from outcome_linkage.release.publication import load_publication
from outcome_linkage.warehouse import connect
from schemas.catalogue import CONTRACTS, load_suppliers
from schemas.codes import code_lists
from schemas.foreign_keys import FOREIGN_KEYS

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "dictionary"
SQL = ROOT / "dbt_like_sql"
COMMAND = ".venv/bin/python -m docs.generate_dictionary"


@cache
def dictionary() -> Dictionary:
    """Everything there is, with the suppliers that come with the software.

    The types of research tables are those of models that were built from no delivery.
    """
    graph, suppliers = build_graph(load_models(SQL)), load_suppliers()
    with TemporaryDirectory() as empty, connect() as connection:
        Sources(Home(Path(empty)).ensure(), CONTRACTS, suppliers, ROOT / "reference").attach(connection)
        build_empty(connection, graph)
        research = research_tables(connection, graph, load_publication(SQL / "publication.yaml"), CONTRACTS)
    return Dictionary(delivered_tables(CONTRACTS, suppliers, FOREIGN_KEYS, research), research, code_lists())


@cache
def files() -> dict[str, str]:
    """The text of every file of the dictionary by its path below the folder."""
    whole = dictionary()
    published = Dictionary((), published_only(whole.research), whole.codes)
    return {
        "index.html": html(whole),
        **sheets(whole),
        "deliveries/datapackage.json": deliveries_package(whole),
        "published/datapackage.json": published_package(published),
    }


if __name__ == "__main__":
    for name, text in files().items():
        write_text(FOLDER / name, text)
    print(f"{FOLDER.relative_to(ROOT)}: {len(dictionary().tables)} tables")
