"""What many rounds show together: which reasons led to meetings, how long introductions take, in words."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from circle.rules.states import Outcome, Synergy
from circle.rules.wording import count_of, count_word

ENOUGH = 5
"""So many answers of a kind before it is compared with another: fewer say nothing."""

SPANS = (
    (0, "By the opening day"),
    (3, "Days 1 to 3"),
    (7, "Days 4 to 7"),
    (14, "Second week"),
    (21, "Third week"),
    (28, "Fourth week"),
)
LATER = "Later"


@dataclass(frozen=True, slots=True)
class Kind:
    """What came of the introductions made for one reason."""

    label: str
    met: int
    """They met, or it led to something."""
    in_touch: int
    no_fit: int
    not_received: int
    """Answered too, but no word on the reason: it never got that far."""
    unanswered: int

    @property
    def arrived(self) -> int:
        """How many answers say what came of it."""
        return self.met + self.in_touch + self.no_fit

    @property
    def led_nowhere(self) -> int:
        return self.no_fit + self.not_received

    @property
    def made(self) -> int:
        return self.arrived + self.not_received + self.unanswered


@dataclass(frozen=True, slots=True)
class Span:
    """How many introductions were made in one stretch of days after the opening."""

    label: str
    count: int


def kinds(rows: Iterable[tuple[Synergy | None, Outcome | None, int]]) -> tuple[Kind, ...]:
    """Lay counts of synergy and outcome out by synergy; those without one come last."""
    counts: dict[Synergy | None, Counter[Outcome | None]] = {one: Counter() for one in (*Synergy, None)}
    for synergy, outcome, count in rows:
        counts[synergy][outcome] += count
    return tuple(
        Kind(
            synergy.words if synergy else "No reason given",
            of[Outcome.MET] + of[Outcome.LED_ON],
            of[Outcome.IN_TOUCH],
            of[Outcome.NOT_A_FIT],
            of[Outcome.NOT_RECEIVED],
            of[None],
        )
        for synergy, of in counts.items()
        if of.total()
    )


def led_on_words(rows: Sequence[Kind]) -> str:
    """Say which reason led to meetings most often, where there are answers enough to tell."""
    arrived, met = sum(one.arrived for one in rows), sum(one.met for one in rows)
    lost = sum(one.not_received for one in rows)
    beside = f" {lost} more did not arrive." if lost else ""
    if not arrived:
        return f"Nobody has said yet what came of an introduction.{beside}"
    total = f"{met} of {arrived} introductions that arrived and were answered led to a meeting or more"
    told = sorted((one for one in rows if one.arrived >= ENOUGH), key=_share, reverse=True)
    if len(told) < 2 or _share(told[0]) == _share(told[1]):
        return f"{total}.{beside}"
    best = told[0]
    return f"{total}; most often for “{best.label}”: {best.met} of {best.arrived}.{beside}"


def spans(days: Counter[int]) -> tuple[Span, ...]:
    """Count introductions by how many days after the opening they were made, up to the last stretch used."""
    bounds = [bound for bound, _ in SPANS]
    counts = Counter(
        next((at for at, bound in enumerate(bounds) if day <= bound), len(bounds)) for day in days.elements()
    )
    labels = (*(label for _, label in SPANS), LATER)
    last = max(counts, default=-1)
    return tuple(Span(label, counts[at]) for at, label in enumerate(labels[: last + 1]))


def time_words(days: Counter[int]) -> str:
    """Say by which day half of the introductions are made."""
    in_order = sorted(days.elements())
    if not in_order:
        return "No introduction is made yet."
    middle = in_order[(len(in_order) - 1) // 2]
    if middle <= 0:
        return "Half of all introductions are made by the opening day."
    return f"Half of all introductions are made within {count_of(middle, 'day')} of the opening."


def kept_words(made: int, late: int, counted: int, rounds: int, opened: int | None) -> str:
    """Say how many promises were kept; `opened` is the number of the round that still runs."""
    after = f", {count_word(late)} of them after the due day" if late else ""
    still = f" Round {opened} is still open." if opened else ""
    so_far = " so far" if opened else ""
    return f"{made} of {counted} promises kept{so_far} in {count_of(rounds, 'round')}{after}.{still}"


def own_words(given: tuple[int, int], received: tuple[int, int]) -> str:
    """Say what one member made and what was made for them, each as made and counted."""
    if not given[1] and not received[1]:
        return "You have not been in a round yet."
    return f"You made {given[0]} of {given[1]}, and {received[0]} of {received[1]} were made for you."


def _share(one: Kind) -> float:
    return one.met / one.arrived
