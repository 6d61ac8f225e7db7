"""Knowledge articles: Markdown files with a YAML head between two `---` lines."""

from pathlib import Path

from pydantic import ValidationError

from personas.errors import Problem
from personas.files import parse_yaml, read_text
from personas.types import Strict
from personas.validation import validated
from scenarios.types import Article


class Head(Strict):
    """What stands above an article's text."""

    title: str
    tags: tuple[str, ...] = ()


def read_articles(folder: Path, problems: list[Problem]) -> tuple[Article, ...]:
    """All articles of a folder, `<id>.<language>.md`, sorted; problems are added to the list."""
    articles = (read_article(path, problems) for path in sorted(folder.glob("*.md")))
    return tuple(article for article in articles if article)


def read_article(path: Path, problems: list[Problem]) -> Article | None:
    """One article; `None`, with the problems noted, when it cannot be used."""
    text = read_text(path, problems)
    if text is None:
        return None
    opening, head_text, body = _parts(text)
    if opening is None:
        message = "has no head; begin with '---', a title, tags and '---'"
        problems.append(Problem(str(path), 1, "", message))
        return None
    document = parse_yaml(head_text, str(path), problems, first_line=2)
    head = document and validated(document, Head, problems)
    return _article(path, head, body, problems) if head else None


def _parts(text: str) -> tuple[str | None, str, str]:
    """The opening `---` (or `None`), the head, and the Markdown below it."""
    lines = text.splitlines(keepends=True)
    marks = [i for i, line in enumerate(lines) if line.rstrip() == "---"][:2]
    if len(marks) < 2 or marks[0] != 0:
        return None, "", text
    return "---", "".join(lines[1 : marks[1]]), "".join(lines[marks[1] + 1 :]).strip()


def _article(path: Path, head: Head, body: str, problems: list[Problem]) -> Article | None:
    id_, _, language = path.stem.rpartition(".")
    try:
        return Article(id=id_, language=language, text=body, **head.model_dump())
    except ValidationError:
        message = "should be named like 'delivery-times.en.md': id, language (en or zh), 'md'"
        problems.append(Problem(str(path), 1, "", message))
        return None
