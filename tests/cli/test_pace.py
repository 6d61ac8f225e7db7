"""How fast grading is said to go."""

import pytest

from ui.cli.pace import Pace, duration


def test_the_pace_counts_rows_and_says_how_long_the_rest_takes() -> None:
    now = [100.0]
    pace = Pace(lambda: now[0])
    assert pace.words(3) == ""
    pace.step()
    now[0] += 4.0
    assert pace.words(90) == "0.25 rows/s, about 6 min left"
    assert pace.words(None) == "0.25 rows/s"
    for _ in range(7999):
        pace.step()
    assert pace.words(0) == "2,000 rows/s, about 0 s left"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.2, "0 s"), (61, "61 s"), (120, "2 min"), (5400, "90 min"), (11_400, "3 h 10 min")],
)
def test_lengths_of_time_are_said_shortly(seconds: float, said: str) -> None:
    assert duration(seconds) == said
