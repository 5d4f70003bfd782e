"""Plans: what the next pass of the worker would do, in words; nothing here changes anything."""

from datetime import datetime

from sqlalchemy import select

from circle.extensions import db
from circle.models import Circle, Person, Round
from circle.models.base import as_row
from circle.rules.states import RoundState
from circle.rules.wording import count_of
from circle.services.farewell import erasure
from circle.services.knowing import terms
from circle.services.post import carriers, daily, days, news, outbox
from circle.services.rounds import turns
from circle.services.work import end_reading

_circle, _round = as_row(Circle), as_row(Round)


def of_a_pass(now: datetime) -> list[str]:
    """Say what one pass would do as of a moment."""
    openings = [_opening(circle_id) for circle_id in turns.circles_to_open(now)]
    closings = [_turn(round_id) for round_id in turns.rounds_to_turn(now)]
    letters = [_letter(person_id, now) for person_id in daily.people_due(now)]
    farewells = [f"Would erase person {one}, as they asked." for one in erasure.people_to_erase(now)]
    waiting = outbox.due_count(now)
    mails = [f"Would send {count_of(waiting, 'waiting mail')}."] if waiting else []
    anew = ["Would read contacts anew that other rules have read."] if terms.contacts_to_renew() else []
    end_reading()
    return [words for words in (*openings, *closings, *letters, *farewells, *mails, *anew) if words]


def _opening(circle_id: int) -> str:
    name = db.session.execute(select(_circle.c.name).where(_circle.c.id == circle_id)).scalar_one()
    return f"Would open the next round of {name} and write to its members, or skip what is too late."


def _turn(round_id: int) -> str:
    row = db.session.execute(
        select(_round.c.number, _round.c.state, _circle.c.name)
        .join(_circle, _circle.c.id == _round.c.circle_id)
        .where(_round.c.id == round_id)
    ).one()
    does = "close" if row.state is RoundState.OPEN else "seal"
    tells = " and send its recap" if row.state is RoundState.OPEN else ""
    return f"Would {does} round {row.number} of {row.name}{tells}."


def _letter(person_id: int, now: datetime) -> str:
    person = db.session.get_one(Person, person_id)
    rounds_due = days.rounds_speaking(person, now)
    speaks = rounds_due or (news.speaks(person, now) and not carriers.comes_today(person, now))
    told = news.waiting_count(person_id, now) if speaks else 0
    if not (rounds_due or told):
        return ""
    holds = [
        words
        for number, words in (
            (rounds_due, f"the reminder of {count_of(rounds_due, 'round')}"),
            (told, f"{count_of(told, 'piece')} of news"),
        )
        if number
    ]
    return f"Would write to {person.email}: {' and '.join(holds)}."
