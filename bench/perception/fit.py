"""Fits `dialogue/wording.py`: `python -m bench.perception.fit`.

Reads the training messages beside it, which share no writer's draft with the messages that
perception is measured on, and writes `dialogue/fitted/acts.<language>.npz`. Deterministic.
"""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dialogue.types import Act
from dialogue.wording import DIMENSIONS, places

HERE = Path(__file__).parent
TARGETS = HERE.parents[1] / "dialogue" / "fitted"
LANGUAGES = ("en", "zh")
ACTS = tuple(Act)
RIDGE = 1.0
"""Penalty; 1 and 3 were tried on five folds of the training messages."""
FOLDS = 5
PRIOR = 2.0
"""Pulls the logistic curves of rare acts towards the common one."""

USUAL_SLOPE = 5.0

Array = NDArray[np.float64]


def rows(language: str) -> Iterator[tuple[str, frozenset[str]]]:
    """The training messages of a language with their acts."""
    text = (HERE / f"training.{language}.jsonl").read_text("utf-8")
    for line in text.splitlines():
        row = json.loads(line)
        yield row["text"], frozenset(row["acts"])


def design(texts: list[str]) -> Array:
    """One row per message, of length one."""
    found = np.zeros((len(texts), DIMENSIONS))
    for i, text in enumerate(texts):
        at = places(text)
        found[i, at] = 1 / max(len(at), 1) ** 0.5
    return found


def ridge(x: Array, y: Array) -> tuple[Array, Array]:
    """Weights and biases of a ridge regression with many targets, by its dual."""
    middle, level = x.mean(0), y.mean(0)
    around = x - middle
    kernel = around @ around.T + RIDGE * np.eye(len(x))
    weights = around.T @ np.linalg.solve(kernel, y - level)
    return weights, level - middle @ weights


def held_out(x: Array, y: Array) -> Array:
    """Predictions for each fold from the others."""
    fold = np.random.default_rng(0).integers(0, FOLDS, len(x))
    found = np.zeros_like(y)
    for k in range(FOLDS):
        weights, bias = ridge(x[fold != k], y[fold != k])
        found[fold == k] = x[fold == k] @ weights + bias
    return found


def curve(scores: Array, truth: Array) -> tuple[float, float]:
    """Slope and shift of a logistic curve (Newton's method, a weak prior on the slope)."""
    slope, shift = 3.0, 0.0
    for _ in range(50):
        p = 1 / (1 + np.exp(-(slope * scores + shift)))
        w = p * (1 - p) + 1e-9
        pull = PRIOR * (slope - USUAL_SLOPE) / 10
        gradient = np.array([((p - truth) * scores).sum() + pull, (p - truth).sum()])
        hessian = np.array(
            [
                [(w * scores * scores).sum() + PRIOR / 10, (w * scores).sum()],
                [(w * scores).sum(), w.sum()],
            ]
        )
        step = np.linalg.solve(hessian, gradient)
        slope, shift = slope - step[0], shift - step[1]
    return float(slope), float(shift)


def main() -> None:
    """Fit and write."""
    TARGETS.mkdir(exist_ok=True)
    for language in LANGUAGES:
        fit(language)


def fit(language: str) -> None:
    """The model of one language."""
    found = list(rows(language))
    x = design([text for text, _ in found])
    y = np.array([[1.0 if act in acts else -1.0 for act in ACTS] for _, acts in found])
    scores = held_out(x, y)
    curves = [curve(scores[:, j], (y[:, j] + 1) / 2) for j in range(len(ACTS))]
    weights, bias = ridge(x, y)
    scale = np.abs(weights).max(0) / 127
    provenance = {
        "data": f"{len(found)} developer-written, developer-labelled messages",
        "licence": "MIT, as the project",
        "date": date.today().isoformat(),
        "recipe": "bench/perception/fit.py",
    }
    target = TARGETS / f"acts.{language}.npz"
    np.savez_compressed(
        target,
        weights=np.round(weights / scale).astype(np.int8),
        scale=scale,
        bias=bias,
        slope=np.array([slope for slope, _ in curves]),
        shift=np.array([shift for _, shift in curves]),
        acts=np.array(json.dumps([act.value for act in ACTS])),
        provenance=np.array(json.dumps(provenance)),
    )
    print(f"{target.name}: {len(found)} messages, {target.stat().st_size / 1024:.0f} KiB")


if __name__ == "__main__":
    main()
