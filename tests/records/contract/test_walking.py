"""All that is kept can be walked over and put into another store: what copies and exports need."""

from records import Records, SessionQuery, Window, open_records
from records.kinds import KINDS
from tests.records.contract.test_doors import entry
from tests.records.contract.test_rows import rows
from tests.records.making import scorecard, session


def fill(records: Records) -> None:
    for number, person in enumerate(("ana", "ben", "ana")):
        for event in session(f"s{number}", person, minutes=number):
            records.journal.append(f"s{number}", event)
    records.save_scorecard("s1", scorecard("s1"))
    records.mark_private("s2", True)
    for kind, row in zip(KINDS, rows(), strict=True):
        records.table(kind).put(row)
    for number in range(3):
        records.audit(entry(number))


def copy(source: Records, target: Records) -> None:
    for session_id in source.journal.ids():
        for event in source.journal.read(session_id):
            target.journal.append(session_id, event)
        card = source.scorecard(session_id)
        if card is not None:
            target.save_scorecard(session_id, card)
        target.mark_private(session_id, source.summary(session_id).private)
    for kind in KINDS:
        for row in source.table(kind).find():
            target.table(kind).put(row)
    for each in source.audit_trail():
        target.audit(each)


def everything(records: Records) -> list[object]:
    return [
        [(id_, records.journal.read(id_), records.scorecard(id_)) for id_ in records.journal.ids()],
        records.find_sessions(SessionQuery()),
        records.averages(Window()),
        [records.table(kind).find() for kind in KINDS],
        list(records.audit_trail()),
    ]


def test_a_copy_through_any_store_is_the_same(records: Records) -> None:
    source, target = open_records("memory:"), open_records("memory:")
    fill(source)
    copy(source, records)
    copy(records, target)
    assert everything(records) == everything(source)
    assert everything(target) == everything(source)
    assert all(everything(source))
