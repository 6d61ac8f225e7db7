"""What a conversation came to."""

from grading.outcome import moods
from grading.sentiment import valence
from tests.grading.making import case_of

FIRST, LAST = "This is terrible, I am furious.", "Fine."
CASE = case_of(f"C: {FIRST}", "A: It is on its way.", f"C: {LAST}")


def test_only_the_last_mood_of_a_transcript_leans_on_the_predicted_satisfaction() -> None:
    first, last = moods(CASE, content=90.0)
    assert (first.turn, first.valence) == (0, valence(FIRST))
    assert (last.turn, last.valence) == (2, (valence(LAST) + 0.8) / 2)


def test_without_a_prediction_moods_are_what_the_words_say() -> None:
    assert [mood.valence for mood in moods(CASE)] == [valence(FIRST), valence(LAST)]
