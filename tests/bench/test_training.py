"""What the readings are fitted to is sound, and nothing of it stands in the gold set."""

from bench.gold import gold
from bench.grader.training import conversations
from tests.bench.test_gold import QUESTIONS

ROWS = conversations()


def test_every_question_is_answered() -> None:
    for row in ROWS:
        assert set(row.settled.answers) == QUESTIONS
        turns = [turn for _, turn in row.settled.answers.values() if turn is not None]
        assert all(0 <= turn < len(row.conversation.turns) for turn in turns)
        assert all(stars is None or 1 <= stars <= 5 for stars in row.settled.ratings.values())


def test_no_message_is_one_of_the_gold_set() -> None:
    known = {turn.text.strip() for row in gold() for turn in row.conversation.turns}
    long = [t.text.strip() for r in ROWS for t in r.conversation.turns if len(t.text) > 24]
    assert len(long) > 500
    assert not [text for text in long if text in known]


def test_rows_have_names_of_their_own() -> None:
    names = [row.id for row in ROWS]
    assert len(set(names)) == len(names)
    assert not {row.conversation.family for row in ROWS} & {
        row.conversation.family for row in gold()
    }
