"""What programs send. Unknown fields are refused, except in transcripts: others write those."""

import re
from datetime import datetime
from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StringConstraints,
)

from dialogue.types import Speaker, Transcript
from grading.rubric import shipped_rubrics
from records.people import Role
from ui.services.managing import MAX_REASON
from ui.services.people.accounts import MAX_NAME
from ui.services.practice import MAX_MESSAGE
from ui.services.transcripts import MOST_AT_ONCE, Inspection, Order
from ui.services.webhooks.addresses import MAX_URL

MAX_TURNS = 1_000
Name = Annotated[str, StringConstraints(min_length=1, max_length=MAX_NAME)]


def _written_out(at: object) -> object:
    """Raises `ValueError` for a moment that is a number: of what, since when?"""
    if not isinstance(at, str) or not re.match(r"\d{4}-\d\d-\d\d", at):
        raise ValueError("a moment is written as in 2026-11-02T09:14:03Z")
    return at


class Form(BaseModel):
    """What is sent to be done."""

    model_config = ConfigDict(extra="forbid")


class Privacy(Form):
    """Whether a session is kept from the person's manager."""

    private: StrictBool


class NewOverride(Form):
    """A manager's score beside the machine's."""

    criterion: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    score: Annotated[float, Field(ge=0, le=100, allow_inf_nan=False, strict=True)]
    reason: Annotated[str, StringConstraints(min_length=1, max_length=MAX_REASON)]


class SentTurn(BaseModel):
    """One message."""

    speaker: Speaker
    text: Annotated[str, StringConstraints(max_length=MAX_MESSAGE)]
    at: Annotated[datetime, BeforeValidator(_written_out)] | None = None


class SentTranscript(BaseModel):
    """A conversation in the form of `docs/interfaces.md`."""

    id: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"\S")]
    language: Annotated[str, StringConstraints(max_length=35)] | None = None
    scenario: Annotated[str, StringConstraints(max_length=200)] | None = None
    turns: Annotated[list[SentTurn], Field(min_length=1, max_length=MAX_TURNS)]


class NewJob(Form):
    """Conversations to be graded, as `spardesk grade` does."""

    transcripts: Annotated[list[SentTranscript], Field(min_length=1, max_length=MOST_AT_ONCE)]
    rubric: Annotated[Name, Field(json_schema_extra={"enum": [*shipped_rubrics()]})] = "core"
    inspector: Inspection = "model"
    mask: StrictBool = False

    @property
    def order(self) -> Order:
        """What the service is asked for."""
        sent = [Transcript.model_validate(each.model_dump()) for each in self.transcripts]
        return Order(tuple(sent), self.rubric, self.inspector, self.mask)


class NewPerson(Form):
    """An account to be made; without a password it comes in by single sign-on only."""

    login: Name
    name: Name
    role: Role = Role.TRAINEE
    teams: Annotated[list[Name], Field(max_length=100)] = []
    """Names."""
    password: Annotated[str, StringConstraints(max_length=1_000)] | None = Field(None, repr=False)


class NewTeam(Form):
    """A team to be made."""

    name: Name


class NewWebhook(Form):
    """An address that is to hear of events."""

    url: Annotated[str, StringConstraints(min_length=1, max_length=MAX_URL)]
    events: Annotated[
        list[Literal["session.graded", "transcript.graded"]], Field(min_length=1, max_length=10)
    ] = ["session.graded"]
