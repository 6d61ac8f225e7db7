"""Writers of one program take turns at SQLite, however many there are."""

import threading
import time
from contextlib import closing
from pathlib import Path

from sqlalchemy import text

from records.sql.database import Database

WAIT_S, HELD_S = 1.5, 2.2


def test_who_waits_for_a_writer_of_the_same_program_is_not_told_of_another(tmp_path: Path) -> None:
    with closing(Database(f"sqlite:///{tmp_path / 'turns.db'}", lock_wait_s=WAIT_S)) as database:
        with database.writing() as connection:
            connection.execute(text("CREATE TABLE said (n INTEGER)"))
        holds = threading.Event()

        def hold() -> None:
            with database.writing() as connection:
                connection.execute(text("INSERT INTO said VALUES (1)"))
                holds.set()
                time.sleep(HELD_S)

        writer = threading.Thread(target=hold)
        writer.start()
        holds.wait()
        with database.writing() as connection:  # SQLite alone gives up after WAIT_S
            connection.execute(text("INSERT INTO said VALUES (2)"))
        writer.join()
        with database.reading() as connection:
            assert connection.scalars(text("SELECT n FROM said ORDER BY n")).all() == [1, 2]
