"""The rows of one kind in a database: as JSON, found by the columns beside it."""

from collections.abc import Callable
from typing import Any, Generic

from sqlalchemy import Connection, delete, insert, select, update

from records.errors import Taken
from records.kinds import NUL, Kind, T
from records.sql.database import Database
from records.sql.schema import TABLES


class SqlTable(Generic[T]):
    """See `Table`."""

    def __init__(self, kind: Kind[T], database: Database) -> None:
        self._kind = kind
        self._database = database
        self._table = TABLES[kind.name]
        self._key = self._table.c[kind.key]

    def get(self, key: str) -> T | None:
        """See `Table`."""
        with self._database.reading() as connection:
            return self._row(connection, key)

    def find(self, **fields: str | None) -> list[T]:
        """See `Table`."""
        self._kind.check(fields)
        if any(value is not None and NUL in value for value in fields.values()):
            return []
        wanted = [
            column.is_(None) if value is None else column == value
            for field, value in fields.items()
            if (column := self._table.c[field]) is not None
        ]
        with self._database.reading() as connection:
            bodies = connection.scalars(select(self._table.c.body).where(*wanted))
            found = [self._kind.model.model_validate_json(body) for body in bodies]
        return sorted(found, key=self._kind.key_of)

    def add(self, row: T) -> None:
        """See `Table`."""
        kind, key = self._kind, self._kind.key_of(row)

        def added() -> None:
            with self._database.writing() as connection:
                if self._row(connection, key) is not None:
                    raise Taken(kind.one, kind.key, key)
                self._replace(connection, key, None, row)

        self._database.repeated(added)

    def put(self, row: T) -> None:
        """See `Table`."""
        self.change(self._kind.key_of(row), lambda _before: row)

    def change(self, key: str, how: Callable[[T | None], T | None]) -> T | None:
        """See `Table`."""

        def changed() -> T | None:
            with self._database.writing() as connection:
                before = self._row(connection, key, lock=True)
                after = how(before)
                if after != before:
                    self._replace(connection, key, before, after)
                return after

        return self._database.repeated(changed)

    def remove(self, key: str) -> bool:
        """See `Table`."""
        if NUL in key:
            return False
        with self._database.writing() as connection:
            return connection.execute(delete(self._table).where(self._key == key)).rowcount > 0

    def _row(self, connection: Connection, key: str, lock: bool = False) -> T | None:
        if NUL in key:
            return None
        query = select(self._table.c.body).where(self._key == key)
        body = connection.scalar(query.with_for_update() if lock else query)
        return None if body is None else self._kind.model.model_validate_json(body)

    def _replace(self, connection: Connection, key: str, before: T | None, after: T | None) -> None:
        if after is None:
            connection.execute(delete(self._table).where(self._key == key))
            return
        self._kind.check_row(after)
        columns = self._columns(after)
        self._check_unique(connection, key, columns)
        if before is None:
            connection.execute(insert(self._table).values(columns))
        else:
            connection.execute(update(self._table).where(self._key == key).values(columns))

    def _check_unique(self, connection: Connection, key: str, columns: dict[str, Any]) -> None:
        for field in self._kind.unique:
            same = self._table.c[field] == columns[field]
            query = select(self._key).where(same, self._key != key)
            if columns[field] is not None and connection.scalar(query) is not None:
                raise Taken(self._kind.one, field, columns[field])

    def _columns(self, row: T) -> dict[str, Any]:
        document = row.model_dump(mode="json", include=set(self._kind.findable))
        return {**document, "body": row.model_dump_json()}
