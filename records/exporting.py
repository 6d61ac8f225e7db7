"""Everything that is kept about one person, as a ZIP of JSON and CSV that they can read.

Left out are only what proves who somebody is (hashes of passwords and tokens). Cells that a
spreadsheet would take for a formula begin with an apostrophe.
"""

import csv
import io
import json
import os
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from records.doors import login_key
from records.errors import DamagedJournal, from_os_error
from records.files import sync_folder
from records.interface import Records
from records.retention import Person, deliveries_about, sessions_of
from simulator.types import AgentSaid, CustomerSaid, Event

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_SECRET = {"password_hash", "token_hash"}

Row = Mapping[str, Any]


def export_file(records: Records, person: Person, path: Path) -> int:
    """Write everything about a person into a new ZIP; how many sessions there are.

    Raises `RecordsError`.
    """
    beside = path.with_name(f"{path.name}.unfinished")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as sink:
            count = export(records, person, sink)
            sink.flush()
            os.fsync(sink.fileno())
        beside.replace(path)
        sync_folder(path.absolute().parent)
    except OSError as error:
        raise from_os_error(error, path, "write the export") from error
    return count


def export(records: Records, person: Person, sink: IO[bytes]) -> int:
    """Write everything about a person as a ZIP; how many sessions there are."""
    sessions = sessions_of(records, person.id)
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        tables = _tables(records, person)
        tables["deliveries"] = _plain(deliveries_about(records, person.id, sessions))
        tables["sessions"] = _sessions(records, sessions, archive)
        for name, rows in tables.items():
            archive.writestr(f"{name}.json", _json(rows))
            archive.writestr(f"{name}.csv", as_csv(rows))
    return len(sessions)


def _tables(records: Records, person: Person) -> dict[str, list[Row]]:
    """What there is about them besides their sessions."""
    id_ = person.id
    failures = [records.failures.get(login_key(name)) for name in person.names]
    settings = records.settings_table.get(id_)
    return {
        "account": _plain([person.account] if person.account else []),
        "settings": _plain([settings] if settings else []),
        "logins": _plain(records.logins.find(account=id_)),
        "failed_logins": _plain([each for each in failures if each]),
        "tokens": _plain(records.tokens.find(account=id_)),
        "overrides_by_them": _plain(records.overrides.find(by=id_)),
        "reviews_by_them": _plain(r for r in records.reviews.find() if r.done_by == id_),
        "audit_by_them": _plain(records.audit_trail(who=id_)),
        "audit_about_them": _plain(records.audit_trail(about=id_)),
    }


def _sessions(records: Records, ids: Sequence[str], archive: zipfile.ZipFile) -> list[Row]:
    """Write a JSON file a session, and all messages and scores; the list of sessions."""
    listed: list[Row] = []
    messages: list[Row] = []
    scores: list[Row] = []
    for session_id in ids:
        content = _session(records, session_id)
        archive.writestr(f"sessions/{session_id}.json", _json(content))
        listed.append(content["summary"])
        messages += content["messages"]
        for criterion, score in (content["summary"].get("scores") or {}).items():
            scores.append({"session": session_id, "criterion": criterion, "score": score})
    archive.writestr("messages.csv", as_csv(messages))
    archive.writestr("scores.csv", as_csv(scores))
    return listed


def _session(records: Records, session_id: str) -> dict[str, Any]:
    try:
        summary = records.summary(session_id).model_dump(mode="json")
        events = records.journal.read(session_id)
    except DamagedJournal as error:
        return {"summary": {"id": session_id, "problem": str(error)}, "messages": []}
    card = records.scorecard(session_id)
    return {
        "summary": summary,
        "messages": [_message(session_id, each) for each in events if _is_said(each)],
        # While a session goes on they would tell its person what the customer has not said yet.
        "events": _plain(events) if any(event.kind == "ended" for event in events) else [],
        "scorecard": card.model_dump(mode="json") if card else None,
        "overrides": _plain(records.overrides.find(session=session_id)),
        "reviews": _plain(records.reviews.find(session=session_id)),
    }


def _is_said(event: Event) -> bool:
    return isinstance(event, AgentSaid | CustomerSaid)


def _message(session_id: str, event: Event) -> Row:
    kept = event.model_dump(mode="json", include={"index", "at", "text"})
    speaker = "agent" if isinstance(event, AgentSaid) else "customer"
    return {"session": session_id, "speaker": speaker, **kept}


def _plain(rows: Iterable[Any]) -> list[Row]:
    return [
        {name: value for name, value in row.model_dump(mode="json").items() if name not in _SECRET}
        for row in rows
    ]


def _json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1)


def as_csv(rows: Sequence[Row]) -> str:
    """Rows as CSV with a line of names, harmless in a spreadsheet."""
    text = io.StringIO()
    names = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.writer(text)
    writer.writerow(names)
    for row in rows:
        writer.writerow([_cell(row.get(name)) for name in names])
    return text.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, list | dict):
        value = json.dumps(value, ensure_ascii=False)
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
