"""Made days: which calendar days a giver may name for an introduction, and which of them are late."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from circle.extensions import db
from circle.models import Person, Round
from circle.rules import zones
from circle.rules.errors import BadDate
from circle.rules.rounds import made_on_bounds
from circle.rules.wording import day_words

FIRST_DAY = date(2000, 1, 1)
"""The earliest day of what is kept outside rounds."""


@dataclass(frozen=True, slots=True)
class MadeDays:
    """The earliest and latest day of a round for one giver, and its due day, all in the giver's zone."""

    earliest: date
    latest: date
    due: date

    def refuse_outside(self, day: date) -> None:
        """Raise BadDate for a day outside the bounds."""
        if day > self.latest:
            raise BadDate("That day is still to come. Choose today or an earlier day.", field="made_on")
        if day < self.earliest:
            earliest = day_words(self.earliest, self.latest)
            counts = "The record keeps" if self.earliest == FIRST_DAY else "This round counts"
            raise BadDate(
                f"{counts} what was made from {earliest} on. Choose that day or a later one.",
                field="made_on",
            )


def of_round(round_: Round, giver_id: int, now: datetime) -> MadeDays:
    """Return the days an introduction of this giver in this round may have been made on."""
    zone = zones.zone(db.session.get_one(Person, giver_id).zone)
    previous = _previous_due(round_)
    earliest, latest = made_on_bounds(
        zones.local_day(previous, zone) if previous else None,
        zones.local_day(round_.opened_at or now, zone),
        zones.local_day(now, zone),
    )
    return MadeDays(earliest, latest, zones.local_day(round_.due_at, zone))


def outside_rounds(giver_id: int, now: datetime) -> MadeDays:
    """Return the days an introduction of this giver outside rounds may have been made on; none is late."""
    today = zones.local_day(now, zones.zone(db.session.get_one(Person, giver_id).zone))
    return MadeDays(FIRST_DAY, today, today)


def _previous_due(round_: Round) -> datetime | None:
    before = select(Round.due_at).where(
        Round.circle_id == round_.circle_id, Round.number == (round_.number or 0) - 1
    )
    return db.session.scalar(before)
