"""A round of six people lived day by day, and who got which letter when. Run by `make simulated-round`.

Ada organises. Ben reads in Berlin. Cy is away for a week. Dee pauses her letters. Eve stops the daily letter
with one click. Gil does nothing until he is nudged.
"""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from circle import worker
from circle.extensions import db
from circle.factory import create_app
from circle.models import Commitment, News, OutboxMail, RosterMember
from circle.models.base import Base
from circle.rules.commitments import OUTSTANDING
from circle.rules.states import CommitmentState, MailKind, MailState, NewsKind, Outcome, Switch
from circle.services.door import people
from circle.services.membership import absences
from circle.services.post import letter_switches, nudges
from circle.services.rounds import by_hand
from tests import story
from tests.cast import Cast
from tests.story import Story

CIRCLE = ("Ada", "Ben", "Cy", "Dee", "Eve", "Gil")
OPENS = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
DUE_ON = date(2026, 11, 23)
LAST = datetime(2026, 11, 26, 17, 0, tzinfo=UTC)
PASSES = (7, 8, 9, 12, 17)
"""Hours (UTC) at which the worker passes: all letter moments and the due time are among them."""

SHORT = {
    MailKind.ROUND_OPENED: "opened",
    MailKind.RECAP: "recap",
    MailKind.NUDGE: "nudge",
    MailKind.ALL_DONE: "all done",
}


@dataclass(frozen=True, slots=True)
class Arrived:
    """One letter as it arrived: what it held, and how many promises its reader had outstanding and open."""

    reader: str
    at: datetime
    kind: MailKind
    reminds: bool
    told: tuple[NewsKind, ...]
    outstanding: int

    @property
    def words(self) -> str:
        if self.kind is not MailKind.DAILY:
            return SHORT[self.kind]
        return "+".join([*(["reminder"] if self.reminds else []), *dict.fromkeys(_named(self.told))])


@dataclass
class Diary:
    """What happened in the round."""

    letters: list[Arrived] = field(default_factory=list)
    refused_nudges: dict[str, str] = field(default_factory=dict)

    def of(self, reader: str) -> list[Arrived]:
        """Return what one person got, in order."""
        return [letter for letter in self.letters if letter.reader == reader]

    def table(self) -> str:
        """Return who got which letter on which day."""
        days = sorted({letter.at.date() for letter in self.letters})
        rows = [["", *CIRCLE]]
        for day in days:
            cells = [[one.words for one in self.of(reader) if one.at.date() == day] for reader in CIRCLE]
            rows.append([f"{day:%a %-d %b}", *("; ".join(cell) or "-" for cell in cells)])
        rows.append(["in all", *(str(len(self.of(reader))) for reader in CIRCLE)])
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
        lines = (
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows
        )
        return "\n".join(line.rstrip() for line in lines)


def live(app: Flask, cast: Cast) -> Diary:
    """Live the round from its opening until after its recap, pass by pass."""
    told = _open(app, cast)
    diary, events = Diary(), _events(told)
    for at in _passes():
        for moment in sorted(moment for moment in events if moment <= at):
            refused = events.pop(moment)(moment)
            diary.refused_nudges |= refused or {}
        with app.app_context():
            worker.tick(at)
        diary.letters += _arrived(told, at, len(diary.letters))
    return diary


def _open(app: Flask, cast: Cast) -> Story:
    stage = cast.circle(*CIRCLE[1:], now=OPENS)
    actors = {first: cast.person(first) for first in CIRCLE}
    story.change(app, actors["Ben"], zone="Europe/Berlin", letter_hour=8)
    with app.app_context():
        number = by_hand.open_now(stage.id, actors["Ada"].id, DUE_ON, time(17), OPENS, limits=story.LIMITS)
    return Story(app, cast, stage, number, actors)


def _passes() -> Iterator[datetime]:
    day = OPENS.replace(hour=0)
    while day < LAST:
        yield from (at for hour in PASSES if OPENS <= (at := day + timedelta(hours=hour)) <= LAST)
        day += timedelta(days=1)


def _at(day: int, hour: int = 10) -> datetime:
    return datetime(2026, 11, day, hour, 30, tzinfo=UTC)


def _events(told: Story) -> dict[datetime, Callable[[datetime], dict[str, str] | None]]:
    def log(giver: str, *receivers: str, contact: str = "Lena Krüger") -> Callable[[datetime], None]:
        return lambda now: told.log(giver, *receivers, contact=contact, now=now)

    return {
        _at(3): log("Ada", "Ben", "Cy", "Dee"),
        _at(3, 18): lambda now: _pause(told, "Dee", date(2026, 11, 18), now),
        _at(4): lambda now: told.ask("Ben", "Ada", "Rosa Lind", now),
        _at(5): log("Cy", "Ada", "Ben"),
        _at(9, 7): lambda now: _go_away(told, "Cy", date(2026, 11, 9), date(2026, 11, 15), now),
        _at(10): log("Ada", "Eve", "Gil"),
        _at(11): lambda now: _answer(told, "Ben", "We had lunch. Thank you!", now),
        _at(12): log("Ben", "Dee", "Eve"),
        _at(13): lambda now: _unsubscribe(told, "Eve", now),
        _at(17): lambda now: _nudge(told, now),
        _at(18): log("Ben", "Ada", contact="Rosa Lind"),
        _at(19): log("Gil", "Ada", "Ben", "Dee"),
        _at(20): log("Dee", "Ada", "Ben", "Eve", "Gil"),
        _at(20, 15): lambda now: told.pass_on("Ben", "Gil", "Nobody who opens a second site.", now),
    }


def _pause(told: Story, first: str, until: date, now: datetime) -> None:
    with told.app.app_context():
        kept = people.letter_settings(told.id(first))
        chosen = people.LetterSettings(kept.hour, kept.weekdays, kept.off, until)
        people.update_letters(told.id(first), chosen, now)


def _go_away(told: Story, first: str, day: date, last: date, now: datetime) -> None:
    with told.app.app_context():
        absences.go_away(told.id(first), day, last, now)


def _answer(told: Story, receiver: str, thanks: str, now: datetime) -> None:
    told.answer(receiver, Outcome.MET, now)
    told.thank(receiver, thanks, now=now)


def _unsubscribe(told: Story, first: str, now: datetime) -> None:
    with told.app.app_context():
        letter_switches.stop(told.id(first), (Switch.DAILY,), now)


def _nudge(told: Story, now: datetime) -> dict[str, str]:
    with told.app.app_context():
        everybody = [told.id(first) for first in CIRCLE[1:]]
        return dict(
            nudges.nudge(told.stage.id, told.id("Ada"), everybody, "We meet on Thursday.", now).refused
        )


def _arrived(told: Story, at: datetime, before: int) -> list[Arrived]:
    first = {actor.id: name for name, actor in told.people.items()}
    with told.app.app_context():
        sent = select(OutboxMail).where(OutboxMail.state == MailState.SENT)
        mails = list(db.session.scalars(sent.order_by(OutboxMail.settled_at, OutboxMail.id)))[before:]
        return [
            Arrived(
                reader=first[mail.person_id or 0],
                at=at,
                kind=MailKind.named(mail.kind),
                reminds=_reminds(mail),
                told=tuple(db.session.scalars(select(News.kind).where(News.outbox_id == mail.id))),
                outstanding=_outstanding(mail.person_id or 0),
            )
            for mail in mails
        ]


def _reminds(mail: OutboxMail) -> bool:
    reminded = select(RosterMember.id).where(
        RosterMember.person_id == mail.person_id, RosterMember.last_reminder_at == mail.created_at
    )
    return db.session.scalar(reminded) is not None


def _outstanding(person_id: int) -> int:
    theirs = select(Commitment.id).where(
        Commitment.giver_id == person_id, Commitment.state.in_(OUTSTANDING | {CommitmentState.OPEN})
    )
    return len(db.session.scalars(theirs).all())


def _named(told: tuple[NewsKind, ...]) -> list[str]:
    return [kind.value.replace("_", " ") for kind in told]


def main() -> None:
    """Live the round on a site of its own, and print the table."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app({"SECRET_KEY": "only for a simulation, thrown away after it"}, Path(folder))
        with app.app_context(), db.engine.connect().execution_options(writes=True) as connection:
            Base.metadata.create_all(connection)
            connection.commit()
        diary = live(app, Cast(app))
        print(diary.table())  # noqa: T201 - what the command is for
        for name, why in diary.refused_nudges.items():
            print(f"Not nudged: {name} {why}.")  # noqa: T201 - what the command is for


if __name__ == "__main__":
    main()
