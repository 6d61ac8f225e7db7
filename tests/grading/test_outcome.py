"""What a conversation came to."""

from grading.calibrating import unchanged
from grading.judging import Judge
from grading.outcome import intent_of, moods, topic_of
from grading.rubric import core_rubric
from grading.sentiment import valence
from tests.grading.making import case_of
from tests.scripted import ScriptedModel

FIRST, LAST = "This is terrible, I am furious.", "Fine."
CASE = case_of(f"C: {FIRST}", "A: It is on its way.", f"C: {LAST}")


def test_only_the_last_mood_of_a_transcript_leans_on_the_predicted_satisfaction() -> None:
    first, last = moods(CASE, content=90.0)
    assert (first.turn, first.valence) == (0, valence(FIRST))
    assert (last.turn, last.valence) == (2, (valence(LAST) + 0.8) / 2)


def test_without_a_prediction_moods_are_what_the_words_say() -> None:
    assert [mood.valence for mood in moods(CASE)] == [valence(FIRST), valence(LAST)]


def test_rules_name_the_topic_and_without_a_model_the_intent() -> None:
    case = case_of("C: My parcel has not arrived, where is it?", "A: It comes tomorrow.")
    assert topic_of(case, core_rubric(), None) == "delivery"
    assert intent_of(case, core_rubric(), None) == "information"


def test_what_neither_rules_nor_a_model_find_is_not_named() -> None:
    case = case_of("C: Hm.", "A: Yes?")
    assert topic_of(case, core_rubric(), None) is None
    assert intent_of(case, core_rubric(), None) is None


def test_a_model_is_not_asked_what_a_silent_customer_wants() -> None:
    silent, rubric, model = case_of("A: Hello?"), core_rubric(), ScriptedModel()
    judge = Judge(silent, model, unchanged(model.name, rubric))
    assert intent_of(silent, rubric, judge) is None
    assert topic_of(silent, rubric, judge) is None
    assert model.asked == []
