"""The gold set is what its guide says."""

import re
from collections import Counter

import pytest

from bench.gold import GoldRow, gold
from bench.gold.reading import HERE, LANGUAGES
from bench.gold.truths import truths
from grading.rubric import core_rubric

ROWS = gold()
QUESTIONS = set(re.findall(r"^\|[^|]*\| `(\w+)` \|", (HERE / "GUIDE.md").read_text("utf-8"), re.M))


def test_there_are_as_many_conversations_as_promised() -> None:
    by_language = Counter(row.conversation.language for row in ROWS)
    assert all(by_language[language] >= 60 for language in LANGUAGES)
    assert len({row.conversation.industry for row in ROWS}) == 6
    assert len({row.id for row in ROWS}) == len(ROWS)


def test_conversations_have_six_to_twenty_turns() -> None:
    assert all(6 <= len(row.conversation.turns) <= 20 for row in ROWS)


def test_there_are_forty_hard_pairs_whose_families_are_not_split() -> None:
    families: dict[str, list[GoldRow]] = {}
    for row in ROWS:
        families.setdefault(row.conversation.family, []).append(row)
    pairs = [members for members in families.values() if len(members) == 2]
    assert len(pairs) >= 40
    for members in families.values():
        assert len({row.conversation.half for row in members}) == 1
    for first, second in pairs:
        assert first.conversation.expect == second.conversation.expect
        assert first.conversation.expect is not None
        assert first.conversation.expect.better in (first.id, second.id)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_every_question_is_answered_three_times(row: GoldRow) -> None:
    for labels in (row.settled, row.first, row.second):
        assert set(labels.answers) == QUESTIONS
        for _, turn in labels.answers.values():
            assert turn is None or 0 <= turn < len(row.conversation.turns)
        assert all(stars is None or 1 <= stars <= 5 for stars in labels.ratings.values())


def test_halves_are_alike() -> None:
    halves = Counter((r.conversation.half, r.conversation.language) for r in ROWS)
    assert max(halves.values()) - min(halves.values()) <= 4


def test_every_truth_is_of_a_check_and_a_question() -> None:
    rubric = core_rubric()
    known = {check.id for check in rubric.checks()}
    known |= {f"when_{name}" for name in rubric.conditions}
    assert set(truths()) <= known
    assert {t.question for t in truths().values() if t.question} <= QUESTIONS
