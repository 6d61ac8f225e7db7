"""The labelled messages, and that the measuring measures."""

import json
from collections import Counter

import numpy as np
import pytest

from bench.perception import fit
from bench.perception.measuring import kappa, measure, rows, targets
from dialogue.types import Act
from dialogue.wording import fitted
from tests.scripted import ScriptedModel

ROWS = rows()


def test_there_are_enough_of_every_kind() -> None:
    assert len(ROWS) >= 300
    assert Counter(row.language for row in ROWS)["zh"] >= 120
    assert len({row.industry for row in ROWS}) == 6
    assert {row.style for row in ROWS} >= {"polite", "rude", "evasive", "off_topic", "several"}
    halves = Counter(row.half for row in ROWS)
    assert min(halves.values()) > 140


def test_ids_texts_and_labels_are_sound() -> None:
    assert len({row.id for row in ROWS}) == len(ROWS)
    for row in ROWS:
        there = targets(row.language)[row.industry]
        for labels in (row.labels, row.first, row.second):
            assert set(labels.asks) <= {fact.id for fact in there.facts}
            assert set(labels.offers) <= {offer.id for offer in there.offers}


def test_settled_labels_are_one_readers_or_the_others() -> None:
    for row in ROWS:
        for name in ("acts", "asks", "offers"):
            settled, first, second = (
                set(getattr(labels, name)) for labels in (row.labels, row.first, row.second)
            )
            assert settled & first & second == first & second
            assert settled <= first | second


def test_no_measured_message_is_trained_on() -> None:
    trained = {text for language in fit.LANGUAGES for text, _ in fit.rows(language)}
    assert not trained & {row.text for row in ROWS if len(row.text) > 12}


@pytest.mark.parametrize("language", fit.LANGUAGES)
def test_the_shipped_coefficients_are_those_of_the_training_messages(language: str) -> None:
    found = list(fit.rows(language))
    x = fit.design([text for text, _ in found])
    y = np.array([[1.0 if act in acts else -1.0 for act in fit.ACTS] for _, acts in found])
    weights, bias = fit.ridge(x, y)
    shipped = fitted(language)
    assert shipped.acts == tuple(Act)
    assert np.allclose(shipped.weights * shipped.scale, weights, atol=float(shipped.scale.max()))
    assert np.allclose(shipped.bias, bias, atol=1e-3)
    assert shipped.provenance["data"].startswith(str(len(found)))


def test_kappa_is_cohens() -> None:
    pairs = [(True, True)] * 20 + [(True, False)] * 5 + [(False, True)] * 10 + [(False, False)] * 15
    assert kappa(pairs) == pytest.approx(0.4)
    assert kappa([(False, False)] * 5) == 1.0


def test_wording_and_rules_beat_either_alone() -> None:
    """On the half to tune by; the other half's figures are the bench's to print."""
    systems = {s.name: s.all_acts.value or 0 for s in measure("tune", ("en", "zh"), None).systems}
    assert systems["rules and wording"] > systems["wording alone"] > systems["rules alone"]


def test_the_model_is_asked_one_question_an_act() -> None:
    model = ScriptedModel(default=0.5)
    found = measure("tune", ("zh",), model)
    names = [system.name for system in found.systems]
    assert names[-1] == "together, as in use" and "model alone, calibrated" in names
    alone = [q for q in model.asked if q.id in {act.value for act in Act}]
    assert len(alone) == len(Act) * (found.messages + 1)
    assert json.loads(found.model_dump_json())["half"] == "tune"
