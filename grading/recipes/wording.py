"""Fits the English wording model: `python -m grading.recipes.wording RATED.csv OUT.json`.

RATED.csv has the columns `sentence` and `score` (a mean of human politeness ratings). Prints the
rank correlation with the ratings over five folds, then writes the weights fitted on all rows.
"""

import csv
import json
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grading.wording import features, tokens

LEAST = 25
"""Messages that must hold a feature: rarer ones are topics, not manners."""

PENALTY = 60.0
"""Ridge penalty; best of 20, 60, 150 over the folds."""

Array = NDArray[np.float64]


def design(texts: list[str], names: list[str]) -> Array:
    """One row per text: its features, log length, question marks."""
    column = {name: i for i, name in enumerate(names)}
    rows = np.zeros((len(texts), len(names) + 2))
    for i, text in enumerate(texts):
        for feature in features(text) & column.keys():
            rows[i, column[feature]] = 1
        rows[i, -2:] = np.log1p(len(tokens(text))), text.count("?")
    return rows


def ridge(rows: Array, scores: Array) -> tuple[Array, float]:
    """Weights and bias of a ridge regression."""
    centre = rows.mean(0)
    around = rows - centre
    gram = around.T @ around + PENALTY * np.eye(rows.shape[1])
    weights = np.linalg.solve(gram, around.T @ (scores - scores.mean()))
    return weights, float(scores.mean() - centre @ weights)


def folded(rows: Array, scores: Array) -> Array:
    """Predictions of five folds, each from the other four."""
    fold = np.random.default_rng(0).integers(0, 5, len(scores))
    predicted = np.zeros(len(scores))
    for k in range(5):
        weights, bias = ridge(rows[fold != k], scores[fold != k])
        predicted[fold == k] = rows[fold == k] @ weights + bias
    return predicted


def rank_correlation(one: Array, other: Array) -> float:
    """Spearman's, ties broken by position."""
    ranks = [np.argsort(np.argsort(values)) for values in (one, other)]
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])


def fitted(texts: list[str], scores: Array) -> dict[str, Any]:
    """The file's content."""
    held = Counter(feature for text in texts for feature in features(text))
    names = sorted(name for name, n in held.items() if n >= LEAST)
    rows = design(texts, names)
    predicted = folded(rows, scores)
    weights, bias = ridge(rows, scores)
    spread, middle = float(predicted.std()), float(predicted.mean())
    rho = rank_correlation(predicted, scores)
    return {
        "provenance": {
            "data": f"{len(texts)} requests with human politeness scores (TyDiP train, English: "
            "Stanford Politeness Corpus, Wikipedia part; MIT, text CC BY-SA)",
            "date": date.today().isoformat(),
            "recipe": f"grading/recipes/wording.py: ridge {PENALTY}, features in {LEAST}+ requests",
            "rank_correlation_five_folds": f"{rho:.3f}",
        },
        "bias": bias - middle,
        "scale": spread,
        "per_log_length": float(weights[-2]),
        "per_question_mark": float(weights[-1]),
        "features": {n: round(float(w), 4) for n, w in zip(names, weights, strict=False)},
    }


def main() -> None:
    """Read, fit, write."""
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    with source.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    content = fitted([row["sentence"] for row in rows], np.array([float(r["score"]) for r in rows]))
    sys.stdout.write(f"{content['provenance']['rank_correlation_five_folds']}\n")
    target.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
