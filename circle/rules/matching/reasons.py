"""Reasons: why one contact and one member could be put together."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache, partial

from circle.rules.matching import near_words, sentences, slips, wishes
from circle.rules.matching.kept import Mention, Place, read_kept
from circle.rules.matching.members import MemberTerms
from circle.rules.matching.people import Contact, Member
from circle.rules.matching.terms import PLAIN


class Reason(StrEnum):
    """Why two people fit; all but the wish are the synergies of the same value."""

    SAME_CLIENTS = "same_clients"
    TEAM_UP = "team_up"
    SHARED_INTEREST = "shared_interest"
    WISH = "wish"


@dataclass(frozen=True, slots=True)
class Fit:
    """One reason to introduce a contact to a member."""

    reason: Reason
    said: tuple[str, str]
    """The words it rests on: the member's, the contact's."""
    weight: float
    """Orders fits; never shown."""
    say: Callable[[], str]

    @property
    def sentence(self) -> str:
        """Why, in one sentence that is true of what both have written."""
        return self.say()


Pair = tuple[Mention, Mention]
Saying = Callable[[Member, Contact, Mention, Mention], str]


# A page is read again and again while little of what it rests on changes.
@lru_cache(maxsize=5_000)
def fits(member: MemberTerms, contact: Contact, kept: str) -> tuple[Fit, ...]:
    """Return every reason to introduce a contact to a member, the strongest first; none when nothing fits.

    `kept` is what `kept_terms` returned for this contact.
    """
    mentions = read_kept(kept)
    found = (
        *_wishes(member, contact, mentions),
        *_work(member, contact, mentions),
        *_loves(member, contact, mentions),
    )
    return tuple(sorted(found, key=lambda fit: -fit.weight))


def _wishes(member: MemberTerms, contact: Contact, mentions: tuple[Mention, ...]) -> Iterator[Fit]:
    weighed = [(*wishes.weight(wish, mentions), wish) for wish in member.wishes]
    weight, by, wish = max(weighed, key=lambda each: each[0], default=(0.0, (), None))
    if wish and by:
        say = partial(sentences.wish, member.member, wish.words, contact, by)
        yield Fit(Reason.WISH, (wish.words, by[0].words), weight, say)


def _work(member: MemberTerms, contact: Contact, mentions: tuple[Mention, ...]) -> Iterator[Fit]:
    """Return the one of two reasons that holds: a similar business, or else the same clients."""
    trades = [each for each in member.does if not each.key.startswith(near_words.MARKS["kinds of client"])]
    if alike := _shared(trades, _own_trade(mentions)):
        yield _fit(Reason.TEAM_UP, sentences.team_up, member, contact, alike, 2.2)
    elif clients := _shared(
        member.serves, [each for each in mentions if each.place in {Place.SERVES, Place.FOR}]
    ):
        yield _fit(Reason.SAME_CLIENTS, sentences.same_clients, member, contact, clients, 2.5)


def _loves(member: MemberTerms, contact: Contact, mentions: tuple[Mention, ...]) -> Iterator[Fit]:
    if shared := _shared(member.loves, [each for each in mentions if each.place is Place.LOVES]):
        yield _fit(Reason.SHARED_INTEREST, sentences.shared_interest, member, contact, shared, 1.5)


def _own_trade(mentions: tuple[Mention, ...]) -> list[Mention]:
    """Return what somebody's own trade is; their firm's tells it only where nothing else does."""
    own = [each for each in mentions if each.place in {Place.POSITION, Place.DOES}]
    if any(near_words.is_trade(each.key) for each in own):
        return own
    return own + [each for each in mentions if each.place is Place.ORGANISATION]


def _shared(ours: Iterable[Mention], theirs: Iterable[Mention]) -> list[Pair]:
    """Return what both speak of: first what the table knows, what is said outright, the same words."""
    pairs = [(our, their) for our in ours for their in theirs if _same(our.key, their.key)]
    return sorted(pairs, key=_order)


def _order(pair: Pair) -> tuple[bool, bool, bool, bool]:
    ours, theirs = pair
    return (
        ours.key.startswith(PLAIN),
        Place.FOR in {ours.place, theirs.place},
        theirs.place not in {Place.POSITION, Place.SERVES, Place.LOVES},
        not sentences.alike(ours.words, theirs.words),
    )


def _same(our: str, their: str) -> bool:
    if our == their:
        return True
    return our.startswith(PLAIN) and their.startswith(PLAIN) and slips.is_slip(their[1:], our[1:], sure=8)


def _fit(
    reason: Reason, say: Saying, member: MemberTerms, contact: Contact, shared: list[Pair], weight: float
) -> Fit:
    ours, theirs = shared[0]
    kinds = len({our.key for our, _ in shared})
    weight += 0.2 * min(kinds - 1, 2) - 0.3 * ours.key.startswith(PLAIN)
    said = ours.words, theirs.words
    return Fit(reason, said, weight, partial(say, member.member, contact, ours, theirs))
