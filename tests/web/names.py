"""Names as the world writes them, given to everybody and everything a page may name."""

from sqlalchemy import select

from circle.models import (
    Circle,
    Contact,
    Idea,
    Introduction,
    Invitation,
    Met,
    Person,
    Round,
)
from circle.services.work import writing

HOSTILE = (
    "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenhaftschaferswesse",
    "עמית 42 בן־דוד (חיפה)",
    "W" * 80,
    "王小明 · 株式会社東京特許許可局横浜支店長",
    "عبد الرحمن بن محمد 7 آل سعود المعروف بأبي يوسف",
    "\u202egnorw eht yaw\u202e dnuor",
    "👩‍👩‍👧‍👦🏳️‍🌈 Zoë 👨🏽‍🚀",
    "Z̷̛͎a̵̤̋l̴͖̈́g̶̱͠o̸͚͐ Þórdís af Seltjarnarnesi",
    "",
)
"""Without a blank, right to left with figures, wide, turned, joined, heaped up, and none at all."""


def give(at: int) -> None:
    """Call everybody and everything by these names, beginning with one of them; inside an app context."""
    named = {
        Person: ("name", "does", "wish"),
        Circle: ("name",),
        Round: ("theme",),
        Contact: ("name", "organisation", "line", "where_met"),
        Introduction: ("contact_name", "reason", "thanks"),
        Invitation: ("name",),
        Met: ("name", "organisation", "line"),
        Idea: ("words",),
    }
    with writing() as session:
        for model, columns in named.items():
            for row in session.scalars(select(model).order_by(model.id)):
                for column in columns:
                    setattr(row, column, _another(at, may_be_none=model is Person))
                at += 1


def _another(at: int, *, may_be_none: bool) -> str:
    # Only people may be without a name: they have signed in, and not yet said it.
    return HOSTILE[at % len(HOSTILE)] or ("" if may_be_none else HOSTILE[0])
