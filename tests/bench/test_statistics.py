"""Counts, intervals and likeness of texts."""

import pytest

from bench.statistics import F1, Share, diversity, grams, length, quartiles


def test_wilsons_interval_is_the_one_in_the_books() -> None:
    low, high = Share(count=8, of=10).interval
    assert (round(low, 3), round(high, 3)) == (0.490, 0.943)
    assert Share(count=10, of=10).interval[1] == pytest.approx(1.0)
    assert Share(count=0, of=0).value is None
    assert Share(count=0, of=0).shown() == "none to count"


def test_f1_is_the_harmonic_mean() -> None:
    found = F1(right=6, found=8, wanted=12)
    assert found.value == pytest.approx(2 * 0.75 * 0.5 / 1.25)
    assert F1(right=0, found=0, wanted=0).value is None


def test_diversity_of_the_same_is_none_and_of_the_different_all() -> None:
    assert diversity(["My parcel is late.", "My parcel is late."]) == 0
    assert diversity(["My parcel is late.", "Your kettle broke!"]) == 1
    assert diversity(["one two three", "one two four"]) == pytest.approx(0.5)
    assert diversity(["one"]) is None


def test_languages_are_not_paired_and_chinese_is_read_by_characters() -> None:
    assert diversity(["My parcel is late.", "快递还没到。"]) is None
    assert len(grams("快递还没到", 2)) == 4
    assert length("快递还没到，please") == 5
    assert length("two words") == 2


def test_quartiles_of_little() -> None:
    assert quartiles([]) == (0, 0, 0)
    assert quartiles([3]) == (3, 3, 3)
    assert quartiles([1, 2, 3])[1] == 2
