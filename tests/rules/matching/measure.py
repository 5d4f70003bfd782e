"""Print how well suggestions fit, on the labelled pairs: python -m tests.rules.matching.measure."""

from collections.abc import Iterable
from dataclasses import dataclass

from tests.rules.matching.labelled import HALVES, Pair, pairs


@dataclass(frozen=True)
class Figures:
    """Counts of the first reason shown for each pair, and of every reason found."""

    pairs: int
    fitting: int
    shown: int
    right: int
    every_label: int
    every_found: int
    every_right: int

    @property
    def precision(self) -> float:
        """Of the pairs suggested, the part whose first reason is right."""
        return self.right / self.shown if self.shown else 0.0

    @property
    def recall(self) -> float:
        """Of the pairs that fit, the part suggested with a right first reason."""
        return self.right / self.fitting if self.fitting else 0.0


def figures(some: Iterable[Pair]) -> Figures:
    """Count what the rules find for these pairs."""
    rows = [(pair.right, [fit.reason for fit in pair.fits]) for pair in some]
    return Figures(
        pairs=len(rows),
        fitting=sum(bool(right) for right, _ in rows),
        shown=sum(bool(found) for _, found in rows),
        right=sum(found[0] in right for right, found in rows if found),
        every_label=sum(len(right) for right, _ in rows),
        every_found=sum(len(found) for _, found in rows),
        every_right=sum(len(right & set(found)) for right, found in rows),
    )


def lines() -> Iterable[str]:
    """Return the table that is printed."""
    yield f"{'':20}{'pairs':>6}{'fit':>5}{'shown':>6}{'right':>6}{'precision':>11}{'recall':>8}  every reason"
    for half, files in HALVES.items():
        parts = [list(pairs(file)) for file in files]
        every = [pair for part in parts for pair in part]
        yield _line(half, figures(every))
        yield _line("  of them thin", figures(pair for pair in every if pair.thin))
        yield _line("  written first", figures(parts[0]))
        yield _line("  written later", figures(parts[1]))


def _line(name: str, counted: Figures) -> str:
    return (
        f"{name:20}{counted.pairs:6}{counted.fitting:5}{counted.shown:6}{counted.right:6}"
        f"{counted.precision:11.3f}{counted.recall:8.3f}"
        f"  {counted.every_right} right of {counted.every_found} found, {counted.every_label} there"
    )


if __name__ == "__main__":
    print("\n".join(lines()))  # noqa: T201 - a command
