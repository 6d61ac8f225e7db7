"""A site's own calibration: what managers' labels say about the grader's probabilities.

`spardesk calibrate` fits, per check, a line through the log-odds (Platt, 1999, "Probabilistic
outputs for support vector machines") and writes it to the data folder. Scores made with it carry a
grader version of their own, since they compare with no others.
"""

from pathlib import Path

from pydantic import Field, ValidationError

from grading.calibrating import bare_name, logit, sigmoid
from grading.impressions import Part
from grading.rubric import Rubric
from personas.errors import ContentError


class Line(Part):
    """`sigmoid(slope · log-odds + offset)` of the probability that a check is met."""

    slope: float = Field(gt=0)
    offset: float
    labels: int
    """Labels it was fitted to."""

    def moved(self, probability: float) -> float:
        """The adjusted probability."""
        return sigmoid(self.slope * logit(probability) + self.offset)


class Adjustment(Part):
    """One site's lines for one model and rubric version."""

    model: str
    """Without its provider."""
    rubric: str
    rubric_version: str
    version: int = Field(ge=1)
    """Counts the site's calibrations; part of the grader version."""
    date: str
    source: str
    """Name of the labelled file."""
    lines: dict[str, Line]

    def fits(self, model_name: str, rubric: Rubric) -> bool:
        """Whether it holds for a model and rubric."""
        same = (bare_name(model_name), rubric.id, rubric.version)
        return same == (self.model, self.rubric, self.rubric_version)

    def versioned(self, grader_version: str) -> str:
        """The grader's version with this calibration, as semantic versioning marks builds."""
        return f"{grader_version}+site.{self.version}"


def adjustment_file(folder: Path, model_name: str, rubric: Rubric) -> Path:
    """Where a site's calibration of a model and rubric lies below its data folder."""
    return folder / "calibration" / f"{rubric.id}.{bare_name(model_name).replace('/', '-')}.json"


def site_adjustment(folder: Path, model_name: str, rubric: Rubric) -> Adjustment | None:
    """The site's calibration, or `None` when there is none for this model and rubric version.

    Raises `ContentError` that names a file which cannot be read.
    """
    path = adjustment_file(folder, model_name, rubric)
    if not path.exists():
        return None
    try:
        found = Adjustment.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise ContentError(f"{path} is not a calibration: {error}") from error
    return found if found.fits(model_name, rubric) else None
