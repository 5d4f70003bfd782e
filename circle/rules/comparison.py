"""Comparison: the coming rounds under two rhythms, date by date, each new, gone, as before or due anew."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from circle.rules.recurrence import Occurrence


class Mark(Enum):
    """What becomes of one date: its word, and the sign that stands with it."""

    NEW = "new", "+"
    GONE = "gone", "−"
    SAME = "as before", "="
    DUE = "new due date", "≈"

    def __init__(self, words: str, sign: str) -> None:
        self.words, self.sign = words, sign


@dataclass(frozen=True, slots=True)
class Compared:
    """One date: its round, what becomes of it, and the round of before where there was one."""

    round: Occurrence
    mark: Mark
    before: Occurrence | None


def compare(
    before: Sequence[Occurrence], after: Sequence[Occurrence], *, known: int, most: int
) -> tuple[Compared, ...]:
    """Return the dates of both in one order, at most `most`, with the first one of after among them.

    A sequence of `known` rounds goes on, so nothing is said of what lies behind its last one.
    """
    old, new = ({one.opens_at: one for one in rounds} for rounds in (before, after))
    ends = [rounds[-1].opens_at for rounds in (before, after) if len(rounds) >= known]
    moments = [at for at in sorted(old | new) if not ends or at <= min(ends)][:most]
    return tuple(_compared(at, old, new) for at in _with_first_new(moments, after))


def _compared(at: datetime, old: dict[datetime, Occurrence], new: dict[datetime, Occurrence]) -> Compared:
    before, after = old.get(at), new.get(at)
    if after is None:
        return Compared(old[at], Mark.GONE, before)
    if before is None or (before.skipped and not after.skipped):
        return Compared(after, Mark.NEW, before)
    if after.skipped and not before.skipped:
        return Compared(before, Mark.GONE, before)
    return Compared(after, Mark.SAME if before.due_at == after.due_at else Mark.DUE, before)


def _with_first_new(moments: list[datetime], after: Sequence[Occurrence]) -> list[datetime]:
    first = next((one.opens_at for one in after if not one.skipped), None)
    return moments if first is None or first in moments else [*moments, first]
