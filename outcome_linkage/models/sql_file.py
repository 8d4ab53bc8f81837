"""One `.sql` file is one table: its name, its words and its promises, read from the file itself.

`dbt_like_sql/<folder>/<model>.sql` is the model `<model>`; its leading comments are its contract (`header`).
`dbt_like_sql/tests/<model>__<what>.test.sql` is a test of `<model>`: leading comments say what must hold,
the query returns the rows that break it. What the SQL reads is in `reads`; running it is in `engine`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError, SqlglotError

from outcome_linkage.models.header import BadSqlFile, Column, paragraph, parse_header, split_header
from outcome_linkage.models.reads import Reads, reads_of

DIALECT = "duckdb"
GENERATED = ("grain_is_unique", "not_null")
_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Model:
    """One table: `grain` names the columns that together are unique; `file` is relative to the folder."""

    name: str
    folder: str
    file: str
    description: str
    grain: tuple[str, ...]
    columns: Mapping[str, Column]
    sql: str

    @cached_property
    def query(self) -> exp.Query:
        """The parsed SELECT. Treat as read-only."""
        return parse_query(self.sql, self.file)

    @cached_property
    def reads(self) -> Reads:
        """What the SELECT reads. Raises BadSqlFile."""
        return reads_of(self.query, self.file)

    @cached_property
    def text(self) -> str:
        """The SQL without comments and layout, with the header's words: equal texts build equal tables."""
        sql = self.query.sql(DIALECT, comments=False)
        return "\n".join([sql, self.description, ",".join(self.grain), *map(repr, self.columns.values())])


@dataclass(frozen=True)
class SqlTest:
    """A query that returns the rows of `model` that break what `description` says must hold."""

    name: str
    model: str
    file: str
    description: str
    sql: str

    @cached_property
    def query(self) -> exp.Query:
        """The parsed SELECT. Treat as read-only."""
        return parse_query(self.sql, self.file)

    @cached_property
    def reads(self) -> Reads:
        """What the SELECT reads. Raises BadSqlFile."""
        return reads_of(self.query, self.file)

    @cached_property
    def text(self) -> str:
        """The SQL without comments and layout: equal texts test the same."""
        return self.query.sql(DIALECT, comments=False)


def load_models(folder: Path) -> dict[str, Model]:
    """Every model below `folder`, by name, in order of name.

    Raises BadSqlFile: two files of one name, a header that is missing or malformed, a column that is
    documented and not selected or selected and not documented.
    """
    models: dict[str, Model] = {}
    for path in _sql_files(folder, tests=False):
        model = read_model(path, folder)
        if model.name in models:
            raise BadSqlFile(
                f"{model.file}: model {model.name} already comes from {models[model.name].file}. "
                "A model is named after its file: rename one of them."
            )
        models[model.name] = model
    return dict(sorted(models.items()))


def load_tests(folder: Path, models: Mapping[str, Model]) -> list[SqlTest]:
    """Every hand-written test below `folder`, in order of name.

    Raises BadSqlFile when a name is not `<model>__<what>.test.sql` of a known model.
    """
    return [_read_test(path, folder, models) for path in _sql_files(folder, tests=True)]


def generated_tests(model: Model) -> list[SqlTest]:
    """The tests that the header promises: the grain is unique, and `not null` holds."""
    return [_unique(model), *_not_null(model)]


def read_model(path: Path, folder: Path) -> Model:
    """The model in one file below `folder`. Raises BadSqlFile."""
    file = path.relative_to(folder).as_posix()
    if not _NAME.fullmatch(path.stem):
        raise BadSqlFile(f"{file}: a model's name is lower-case letters, digits and _. Rename the file.")
    comment, sql = split_header(path.read_text(encoding="utf-8"))
    description, grain, columns = parse_header(comment, file)
    model = Model(path.stem, path.parent.name, file, description, grain, columns, sql)
    if not model.query.is_star:  # behind a star only DuckDB knows; the engine looks again
        check_columns(model, model.query.named_selects)
    return model


def parse_query(sql: str, file: str) -> exp.Query:
    """The one SELECT in `sql`. Raises BadSqlFile naming `file`."""
    try:
        statements = [statement for statement in sqlglot.parse(sql, read=DIALECT) if statement]
    except SqlglotError as error:
        first = error.errors[0] if isinstance(error, ParseError) and error.errors else {}
        raise BadSqlFile(
            f"{file}: not valid SQL near line {first.get('line', '?')} of the query: "
            f"{first.get('description', 'it cannot be read')}."
        ) from None
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        raise BadSqlFile(f"{file}: expected one SELECT, found {len(statements)} statements or another kind.")
    return statements[0]


def check_columns(model: Model, produced: Sequence[str]) -> None:
    """Raise BadSqlFile unless the header documents exactly the columns that the SQL produces."""
    undocumented = [name for name in produced if name not in model.columns]
    absent = [name for name in model.columns if name not in produced]
    if undocumented:
        raise BadSqlFile(
            f"{model.file}: undocumented columns {undocumented}. Describe each below `-- columns:`, "
            "or leave it out of the final select."
        )
    if absent:
        raise BadSqlFile(f"{model.file}: documented columns {absent} are not in the final select.")


def _sql_files(folder: Path, *, tests: bool) -> list[Path]:
    if not folder.is_dir():
        raise BadSqlFile(f"{folder.name}: there is no such folder of SQL models.")
    return [path for path in sorted(folder.rglob("*.sql")) if path.name.endswith(".test.sql") == tests]


def _read_test(path: Path, folder: Path, models: Mapping[str, Model]) -> SqlTest:
    file = path.relative_to(folder).as_posix()
    model, separator, what = path.name.removesuffix(".test.sql").rpartition("__")
    if not separator or not what or model not in models:
        raise BadSqlFile(f"{file}: expected <model>__<what>.test.sql; there is no model `{model}`.")
    if what in GENERATED:
        raise BadSqlFile(f"{file}: `{what}` is what the header promises. Give the test another name.")
    comment, sql = split_header(path.read_text(encoding="utf-8"))
    description = paragraph(comment)
    if not description:
        raise BadSqlFile(f"{file}: the leading comment must say what holds when no row is returned.")
    test = SqlTest(what, model, file, description, sql)
    parse_query(test.sql, test.file)
    return test


def _unique(model: Model) -> SqlTest:
    key = ", ".join(model.grain)
    sql = f"select {key}, count(*) as n from {model.name} group by {key} having count(*) > 1"
    return SqlTest("grain_is_unique", model.name, model.file, f"No two rows share {key}.", sql)


def _not_null(model: Model) -> Iterator[SqlTest]:
    names = [column.name for column in model.columns.values() if column.not_null]
    if not names:
        return
    sql = " union all ".join(
        f"select '{name}' as column_name from {model.name} where {name} is null" for name in names
    )
    yield SqlTest("not_null", model.name, model.file, f"Never null: {', '.join(names)}.", sql)
