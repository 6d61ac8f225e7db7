"""Waiting for the model: in order, seen, and never for ever."""

import threading
from collections.abc import Generator

from ui.services.line import InLine, Line


def joined(line: Line) -> Generator[InLine]:
    """Somebody who joins at once, waits as the caller reads, and stays until they are closed."""

    def person() -> Generator[InLine]:
        with line.turn() as waiting:
            yield InLine(-1)
            yield from waiting
            yield InLine(0)

    one = person()
    next(one)
    return one


def test_who_comes_to_an_empty_line_has_their_turn_at_once() -> None:
    line = Line(2)
    assert [next(joined(line)).place] == [0]


def test_places_are_counted_from_the_front_and_move_up() -> None:
    line = Line(1)
    first, second, third = joined(line), joined(line), joined(line)
    assert [next(first).place, next(second).place, next(third).place] == [0, 1, 2]
    first.close()
    assert next(second).place == 0


def test_who_gives_up_waiting_holds_nobody_up() -> None:
    line = Line(1)
    first, second, third = joined(line), joined(line), joined(line)
    assert [next(first).place, next(second).place] == [0, 1]
    second.close()
    assert next(third).place == 1
    first.close()
    assert next(third).place == 0


def test_people_in_threads_are_served_in_the_order_they_came() -> None:
    line, order = Line(1), list[int]()
    door = joined(line)
    next(door)
    queue = [joined(line) for _ in range(30)]

    def serve(number: int) -> None:
        for step in queue[number]:
            if step.place == 0:
                order.append(number)

    people = [threading.Thread(target=serve, args=(n,)) for n in range(30)]
    for person in people:
        person.start()
    door.close()
    for person in people:
        person.join(20)
    assert order == list(range(30))


def test_as_many_have_their_turn_as_there_is_room() -> None:
    line = Line(2)
    people = [joined(line) for _ in range(4)]
    assert [next(one).place for one in people] == [0, 0, 1, 2]


def test_everybody_in_line_is_counted() -> None:
    line = Line(1)
    first, second = joined(line), joined(line)
    assert line.present == 2
    first.close()
    second.close()
    assert line.present == 0
