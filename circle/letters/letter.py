"""A letter: what every one has, and how its words are put on paper."""

import re
import textwrap
from dataclasses import dataclass
from typing import Any

from flask import current_app

from circle.letters import links
from circle.models import Person
from circle.rules.names import first_name
from circle.rules.states import MailKind

WIDTH = 72
CAME_BACK = "Mail to this address came back."


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter to one reader; `list_id` and `thread` are without the domain of the site."""

    to_name: str
    to: str
    subject: str
    text: str
    html: str
    unsubscribe_url: str | None = None
    list_id: str | None = None
    thread: str | None = None
    reply_to: str | None = None
    to_demo: bool | None = None
    """Whether its reader is of the demo circle; None where it goes to an address, whoever has it."""


class NotWanted(Exception):
    """The letter is no longer true or no longer wanted; `words` say why.

    What it was to tell waits for the next letter, unless `news_waits` is false.
    """

    def __init__(self, words: str, *, news_waits: bool = True) -> None:
        self.words = words
        self.news_waits = news_waits
        super().__init__(words)


def written(name: str, to_name: str, to: str, facts: dict[str, Any], **more: Any) -> Letter:
    """Write a letter from the three templates of its name."""
    facts = {"hello": first_name(to_name), "switches_url": None} | facts
    subject = _filled(f"{name}/subject.txt", facts).strip()
    text = _folded(_filled(f"{name}/body.txt", facts))
    html = _filled(f"{name}/body.html", facts | {"subject": subject})
    return Letter(to_name, to, subject, text, html, **more)


def to_member(name: str, person: Person, kind: MailKind, facts: dict[str, Any], **more: Any) -> Letter:
    """Write a letter that its reader can switch off."""
    url = links.switches(person.public_id, kind.switch or "")
    facts = facts | {"switches_url": url}
    return written(name, person.name, person.email, facts, unsubscribe_url=url, to_demo=person.demo, **more)


def _filled(template: str, facts: dict[str, Any]) -> str:
    return current_app.jinja_env.get_template(f"letters/{template}").render(facts)


def _folded(text: str) -> str:
    lines = [line for raw in text.strip().splitlines() for line in _fold(raw.rstrip())]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)) + "\n"


def _fold(line: str) -> list[str]:
    # A link broken over two lines is no link any more.
    if len(line) <= WIDTH or "://" in line:
        return [line]
    indent = line[: len(line) - len(line.lstrip())]
    hanging = indent + ("  " if line.lstrip().startswith("* ") else "")
    return textwrap.wrap(
        line.strip(),
        WIDTH,
        initial_indent=indent,
        subsequent_indent=hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )
