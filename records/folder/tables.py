"""The rows of one kind in a TinyDB table."""

from collections.abc import Callable
from typing import Generic

from tinydb import Query, TinyDB
from tinydb.queries import QueryInstance

from records.errors import Taken
from records.folder.store import TableStore
from records.kinds import Kind, T


class FolderTable(Generic[T]):
    """See `Table`."""

    def __init__(self, kind: Kind[T], store: TableStore) -> None:
        self._kind = kind
        self._store = store

    def get(self, key: str) -> T | None:
        """See `Table`."""
        return self._row(self._store.view(), key)

    def find(self, **fields: str | None) -> list[T]:
        """See `Table`."""
        self._kind.check(fields)
        rows = self._store.view().table(self._kind.name).search(Query().fragment(fields))
        found = [self._kind.model.model_validate(row) for row in rows]
        return sorted(found, key=self._kind.key_of)

    def add(self, row: T) -> None:
        """See `Table`."""
        kind, key = self._kind, self._kind.key_of(row)
        with self._store.transaction() as db:
            if self._row(db, key) is not None:
                raise Taken(kind.one, kind.key, key)
            self._replace(db, key, row)

    def put(self, row: T) -> None:
        """See `Table`."""
        self.change(self._kind.key_of(row), lambda _before: row)

    def change(self, key: str, how: Callable[[T | None], T | None]) -> T | None:
        """See `Table`."""
        with self._store.transaction() as db:
            before = self._row(db, key)
            after = how(before)
            if after != before:
                self._replace(db, key, after)
            return after

    def remove(self, key: str) -> bool:
        """See `Table`."""
        with self._store.transaction() as db:
            return bool(db.table(self._kind.name).remove(self._has(self._kind.key, key)))

    def _row(self, db: TinyDB, key: str) -> T | None:
        found = db.table(self._kind.name).get(self._has(self._kind.key, key))
        return self._kind.model.model_validate(found) if isinstance(found, dict) else None

    def _replace(self, db: TinyDB, key: str, row: T | None) -> None:
        table = db.table(self._kind.name)
        table.remove(self._has(self._kind.key, key))
        if row is not None:
            self._kind.check_row(row)
            document = row.model_dump(mode="json")
            for field in self._kind.unique:
                if document[field] is not None and table.contains(
                    self._has(field, document[field])
                ):
                    raise Taken(self._kind.one, field, document[field])
            table.insert(document)

    def _has(self, field: str, value: str) -> QueryInstance:
        found: QueryInstance = Query()[field] == value
        return found
