"""Dagster's event log in SQLite, with connections that are kept.

Dagster's own storage opens and closes a database, compiles every statement anew, and asks what tables there
are, for each event; a night has two thousand. This one keeps one connection for each file in use and asks
once. It waits for the disk at SQLite's checkpoints, not after each event: a process that dies loses nothing,
a machine that loses power may lose the last events. The same files, read by the same UI.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import StaticPool

KEPT = 8
"""Files kept open: the index and the latest runs; the UI may look at many."""
SECONDS_TO_WAIT = 30


class KeptConnections(SqliteEventLogStorage):
    """Dagster's storage under `DAGSTER_HOME`; its lock lets one thread at a time use a connection."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._engines: OrderedDict[str, Engine] = OrderedDict()
        self._has: set[tuple[str, str]] = set()
        super().__init__(base_dir, inst_data)

    @classmethod
    def config_type(cls) -> dict[str, Any]:
        """Nothing to configure: the files lie where Dagster has them."""
        return {}

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Any) -> KeptConnections:
        """The storage of this process's instance."""
        return cls(str(Path(os.environ["DAGSTER_HOME"]) / "history" / "runs"), inst_data)

    def has_table(self, table_name: str) -> bool:
        """Whether the index has a table."""
        return self._known("table", table_name, super().has_table)

    def has_secondary_index(self, name: str) -> bool:
        """Whether a migration of data was done."""
        return self._known("index", name, super().has_secondary_index)

    def _has_asset_key_col_on_connection(self, conn: Connection, column_name: str) -> bool:
        ask = super()._has_asset_key_col_on_connection
        return self._known("column", column_name, lambda name: ask(conn, name))

    def _known(self, kind: str, name: str, ask: Callable[[str], bool]) -> bool:
        """The answer, asked for until it is yes: what the files have they keep."""
        if (kind, name) not in self._has and ask(name):
            self._has.add((kind, name))
        return (kind, name) in self._has

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            engine = self._engine(shard)
            with engine.connect() as connection, connection.begin():
                yield connection

    def _engine(self, shard: str) -> Engine:
        if shard in self._engines:
            self._engines.move_to_end(shard)
            return self._engines[shard]
        engine = create_engine(
            self.conn_string_for_shard(shard),
            poolclass=StaticPool,
            connect_args={"timeout": SECONDS_TO_WAIT, "check_same_thread": False},
        )
        event.listen(engine, "connect", _wait_at_checkpoints)
        if shard not in self._initialized_dbs:
            self._initdb(engine)
            self._initialized_dbs.add(shard)
        self._engines[shard] = engine
        if len(self._engines) > KEPT:
            self._engines.popitem(last=False)[1].dispose()
        return engine

    def dispose(self) -> None:
        """Close every connection."""
        for engine in self._engines.values():
            engine.dispose()
        self._engines.clear()
        super().dispose()


def _wait_at_checkpoints(connection: Any, _: Any) -> None:
    connection.execute("pragma synchronous = normal")
