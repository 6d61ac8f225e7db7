"""Fits the readings of a model: `python -m bench.grader.fit MODEL OUT.json [RATED.csv] [BASE_URL]`.

Two steps. The lenses are fitted to texts written and rated for it (`bench/grader/training/`) and,
with RATED.csv, to requests that people rated. Then every check of the core rubric gets a logistic
regression on its few signals, fitted to the tuning half of the gold set; the reporting half is not
read. What the model said is kept in the cache, so that a run can be broken off.
"""

import sys
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

from bench.caching import CachedModel
from bench.gold import gold
from bench.gold.reading import LabelledRow
from bench.gold.truths import truths
from bench.grader.lenses import Fitted, fitted
from bench.grader.training import SETS, conversations, outcome, tone, whole
from bench.grader.ways import ONLY, Way, lens_norm, lens_way, norm, way, ways_of
from grading.calibrating import asked_by, bare_name, unchanged
from grading.impressions import LensFit
from grading.judging import Judge
from grading.logistic import best_penalty, logistic, skill
from grading.readings import CheckReadings, Norm, Reading, Readings
from grading.rubric import Rubric, core_rubric
from llm.paths import cache_folder
from llm.pick import open_model
from llm.types import ChatModel

Say = Callable[[str], object]
DATA = (
    "bench/grader/training: written and rated by developers for this purpose (MIT)",
    "bench/gold, tuning half: written and labelled by developers for this purpose (MIT)",
    "TyDiP train, English: Stanford Politeness Corpus, Wikipedia part, rated by people; "
    "code and labels MIT, text CC BY-SA; not part of the project",
)


def readings(
    model: ChatModel, rubric: Rubric, lenses: dict[str, Fitted], rows: list[LabelledRow], say: Say
) -> Readings:
    """The readings of a model, from its lenses and labelled conversations.

    What a lens that was fitted to these conversations says of them flatters: the values are taken
    from the folds that they were not in.
    """
    made = _bare(model, rubric, {name: one.lens for name, one in lenses.items()})
    wanted = signals_of(rubric)
    names = sorted({name for signals in wanted.values() for name in signals})
    values = _values(model, rubric, made, rows, names, say)
    for name in names:
        lens, _, direction = name.partition(".")
        if lens == "outcome":
            values[name] = [lenses[lens].unseen[row.id][direction] for row in rows]
    norms = {name: norm(column, rows) for name, column in values.items() if not name.endswith(ONLY)}
    norms |= {name: _lens_norm(name, lenses) for name in names if name.endswith(ONLY)}
    ways = {
        id_: [_way(id_, signals, values, norms, rows, lenses) for signals in ways_of(wanted[id_])]
        for id_ in wanted
    }
    penalty = best_penalty([one[0].rows for one in ways.values() if one[0].rows.usable])
    say(f"penalty {penalty:g}\n")
    asked = asked_by(rubric)
    checks = {
        id_: CheckReadings(ask=asked[id_], ways=tuple(_reading(way, penalty) for way in tried))
        for id_, tried in ways.items()
        if tried[0].rows.usable
    }
    used = {name for one in checks.values() for way in one.ways for name in way.weights}
    return made.model_copy(update={"norms": {n: norms[n] for n in sorted(used)}, "checks": checks})


def _lens_norm(name: str, lenses: dict[str, Fitted]) -> Norm:
    lens, direction, _ = name.split(".")
    return lens_norm([found[direction] for found in lenses[lens].unseen.values()])


def _way(
    id_: str,
    names: tuple[str, ...],
    values: dict[str, list[float | None]],
    norms: dict[str, Norm],
    rows: list[LabelledRow],
    lenses: dict[str, Fitted],
) -> Way:
    if not names[0].endswith(ONLY):
        return way(id_, names, values, norms, rows)
    lens = names[0].partition(".")[0]
    known = [true for row in rows if (true := truths()[id_].of(row.settled)) is not None]
    share = sum(known) / len(known)
    return lens_way(names[0], lenses[lens], SETS[lens](), norms[names[0]], share)


def _reading(way: Way, penalty: float) -> Reading:
    weights, bias = logistic(way.rows, penalty)
    kept = {name: round(float(w), 4) for name, w in zip(way.names, weights, strict=True)}
    trained = f"{len(way.rows.wanted)} conversations"
    saved = round(skill(way.rows, penalty), 3)
    return Reading(bias=round(bias, 4), weights=kept, trained_on=trained, skill=saved)


def signals_of(rubric: Rubric) -> dict[str, tuple[str, ...]]:
    """Check id (or `when_` and a condition) → its signals."""
    found = {check.id: check.signals for check in rubric.questions() if check.signals}
    for name, condition in rubric.conditions.items():
        if condition.signals:
            found[f"when_{name}"] = condition.signals
    return found


def _bare(model: ChatModel, rubric: Rubric, lenses: dict[str, LensFit]) -> Readings:
    asked = asked_by(rubric)
    names = {n for signals in signals_of(rubric).values() for n in signals}
    questions = {n.partition(".")[2] for n in names if n.startswith("yes.")}
    return Readings(
        model=bare_name(model.name),
        rubric=f"{rubric.id} {rubric.version}",
        date=date.today().isoformat(),
        recipe="bench/grader/fit.py",
        data=DATA,
        lenses=lenses,
        questions={id_: asked[id_] for id_ in sorted(questions)},
        norms={},
        checks={},
    )


def _values(
    model: ChatModel,
    rubric: Rubric,
    made: Readings,
    rows: list[LabelledRow],
    names: list[str],
    say: Say,
) -> dict[str, list[float | None]]:
    """Signal → its value in each row."""
    found: dict[str, list[float | None]] = {name: [] for name in names}
    bare = unchanged(model.name, rubric)
    for row in rows:
        signals = Judge(row.case(), model, bare, made).signals
        for name in names:
            signal = signals.get(name)
            found[name].append(None if signal is None else signal.value)
        say(f"{row.id}\n")
    return found


def main() -> None:
    """Fit and write."""
    name, out, *more = sys.argv[1:]
    rated = Path(more[0]) if more else None
    opened = open_model(name, more[1] if len(more) > 1 else None)
    with closing(CachedModel(opened, cache_folder() / "bench")) as model:
        say = sys.stderr.write
        lenses = {"tone": fitted("tone", tone(rated), model, say)}
        rows = [*gold("tune"), *conversations()]
        lenses |= {lens: fitted(lens, examples(), model, say) for lens, examples in SETS.items()}
        long = [*outcome(), *map(whole, rows)]
        lenses["outcome"] = fitted("outcome", long, model, say)
        made = readings(model, core_rubric(), lenses, rows, say)
    Path(out).write_text(made.model_dump_json() + "\n", "utf-8")


if __name__ == "__main__":
    main()
