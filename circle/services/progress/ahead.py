"""Rounds to come in words: each is named by its date, since it gets its number when it opens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from circle.rules.comparison import Compared, Mark
from circle.rules.recurrence import Occurrence
from circle.rules.schedule import BY_HAND
from circle.rules.wording import MONTHS, WEEKDAYS, day_words


@dataclass(frozen=True, slots=True)
class Ahead:
    """One round to come, in the circle's zone; `mark` and `notes` say why it is not where one expects."""

    slot: str
    label: str
    """Its name: "Tuesday 8 December"."""
    brief: str
    """Its name in few letters: "8 Dec"."""
    day: datetime
    month: str
    opens: str
    due: str
    mark: str
    notes: tuple[str, ...]
    skipped: bool
    restorable: bool
    """An organiser changed it, so it can be put back."""
    paused: bool


@dataclass(frozen=True, slots=True)
class Change:
    """One date under two rhythms: the round, what becomes of it, and what is lost with it in words."""

    one: Ahead
    word: str
    sign: str
    gone: bool
    lost: str
    moved: bool
    """It is a round that was moved here, and the move is not kept."""


def ahead(coming: Sequence[Occurrence], today: date) -> tuple[Ahead, ...]:
    """Say of each coming round when it opens and is due, on the circle's wall clock."""
    return tuple(_ahead(one, today) for one in coming)


def changes(rows: Sequence[Compared], today: date) -> tuple[Change, ...]:
    """Say of each date under two rhythms what becomes of it."""
    return tuple(_change(row, today) for row in rows)


def slot_text(slot: datetime) -> str:
    """Write a slot as it stands in an address: 20261203T0900."""
    return f"{slot:%Y%m%dT%H%M}"


def slot_of(text: str) -> datetime | None:
    """Read a slot from an address, None when it is none."""
    try:
        slot = datetime.strptime(text, "%Y%m%dT%H%M")  # noqa: DTZ007 - a wall-clock time of the circle
    except ValueError:
        return None
    return slot if slot_text(slot) == text else None


def _change(row: Compared, today: date) -> Change:
    gone, before = row.mark is Mark.GONE, row.before
    lost = ""
    if before and gone and before.moved:
        lost = "What you changed about it is not kept."
    elif before and gone and before.skipped:
        lost = "It was not to open anyway."
    elif before and row.mark is Mark.DUE:
        lost = f"Due {_ahead(before, today).due} before."
    return Change(
        _ahead(row.round, today),
        row.mark.words,
        row.mark.sign,
        gone,
        lost,
        bool(gone and before and before.moved),
    )


def _ahead(one: Occurrence, today: date) -> Ahead:
    opens, due = one.opens_local, one.due_local
    year = "" if opens.year == today.year else f" {opens.year}"
    elsewhere = one.moved and opens != one.slot
    return Ahead(
        slot=slot_text(one.slot),
        label=_day(opens, today),
        brief=day_words(opens, today),
        day=opens,
        month=MONTHS[opens.month - 1][:3] + year,
        opens=f"{opens:%H:%M}",
        due=f"{_day(due, opens)}, {due:%H:%M}",
        mark=_mark(one, elsewhere=elsewhere),
        notes=tuple(_notes(one, f"{day_words(one.slot, opens)}, {one.slot:%H:%M}" if elsewhere else "")),
        skipped=bool(one.skipped),
        restorable=one.moved or one.skipped == BY_HAND,
        paused=bool(one.skipped) and one.skipped != BY_HAND,
    )


def _day(day: date, beside: date) -> str:
    year = "" if day.year == beside.year else f" {day.year}"
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}{year}"


def _mark(one: Occurrence, *, elsewhere: bool) -> str:
    if one.skipped:
        return "skipped"
    if one.moved:
        return "moved" if elsewhere else "new due date"
    return "shifted" if one.shifted else ""


def _notes(one: Occurrence, moved_from: str) -> list[str]:
    if one.skipped:
        return [one.skipped]
    return [
        *([f"Moved from {moved_from}."] if moved_from else []),
        *(["An organiser changed its due date."] if one.moved and not moved_from else []),
        *([one.shifted] if one.shifted and not moved_from else []),
    ]
