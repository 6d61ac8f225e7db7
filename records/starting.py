"""What happens when a program starts with records: what was interrupted goes on, and is said."""

from contextlib import suppress

from records.copying import MARK as COPY
from records.copying import unfinished
from records.errors import RecordsBusy
from records.interface import Records
from records.retention import MARK as FORGET
from records.retention import finish


def start(records: Records) -> list[str]:
    """Finish what a crash interrupted; all that the operator should hear, a sentence each."""
    said = records.notices()
    for mark in records.marks.find():
        if mark.name.startswith(FORGET):
            with suppress(RecordsBusy):  # a backup is being made; the next start goes on
                finish(records, mark)
                said.append(
                    f"Forgetting a person, now {mark.detail['pseudonym']!r}, had been interrupted "
                    "and was finished."
                )
        elif mark.name == COPY:
            said.append(unfinished(mark, records.place))
    return said
