"""Templates to HTML. Every text that is filled in is escaped; nothing in it is interpreted."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup

HERE = Path(__file__).parent


@cache
def words() -> Mapping[str, Any]:
    """What the pages say for the program's terms."""
    found: Mapping[str, Any] = yaml.safe_load((HERE / "words.yaml").read_text(encoding="utf-8"))
    return found


def render(template: str, **values: object) -> str:
    """The HTML of a template in `templates/`."""
    return _environment().get_template(template).render(**values)


def markdown(text: str) -> Markup:
    """Policy and articles as HTML: no raw HTML, no links out, no images."""
    return Markup(_markdown().render(text))


def likelihood(probability: float) -> str:
    """A probability in words."""
    bounds: list[tuple[float, str]] = words()["probabilities"]
    return next(word for bound, word in bounds if probability >= bound)


def percent(share: float) -> str:
    """A share of 1 as a whole percentage."""
    return f"{share * 100:.0f} %"


def day_and_time(moment: datetime) -> str:
    """A moment in the machine's own time zone: the program and its reader share a machine."""
    local = moment.astimezone()
    return f"{local.day} {local:%b %Y}, {local:%H:%M}"


def day(moment: datetime) -> str:
    """A day in the machine's own time zone."""
    local = moment.astimezone()
    return f"{local.day} {local:%b %Y}"


def duration(start: datetime, end: datetime) -> str:
    """Minutes and seconds between two moments."""
    minutes, seconds = divmod(max(0, int((end - start).total_seconds())), 60)
    return f"{minutes}:{seconds:02d}"


def lasted(start: datetime, end: datetime) -> str:
    """How long something took, in words."""
    minutes, seconds = divmod(max(0, int((end - start).total_seconds())), 60)
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"


def named(word_list: str, key: object) -> str:
    """The page's word for a term; the term itself, made readable, for one it does not know."""
    found = words()[word_list].get(key)
    return str(found) if found else str(key).replace("_", " ").capitalize()


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "markdown": markdown,
        "likelihood": likelihood,
        "percent": percent,
        "day_and_time": day_and_time,
        "day": day,
    }
    environment.globals |= {
        "words": words(),
        "named": named,
        "duration": duration,
        "lasted": lasted,
    }
    return environment


@cache
def _markdown() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    return parser.disable(["link", "image", "autolink", "reference", "html_inline", "html_block"])


def script(name: str) -> str:
    """A JavaScript file in `scripts/`."""
    return (HERE / "scripts" / name).read_text(encoding="utf-8")
