"""What a member's own words speak of, read once for all contacts."""

from dataclasses import dataclass
from functools import lru_cache

from circle.rules.matching.kept import Mention, Place, told
from circle.rules.matching.lines import Side, clients, told_apart
from circle.rules.matching.people import Member
from circle.rules.matching.wishes import Wish, read_wish


@dataclass(frozen=True, slots=True, eq=False)
class MemberTerms:
    """What a member does, serves, loves and wishes for, as terms."""

    member: Member
    does: tuple[Mention, ...]
    serves: tuple[Mention, ...]
    loves: tuple[Mention, ...]
    wishes: tuple[Wish, ...]


@lru_cache(maxsize=1_000)
def read_member(member: Member) -> MemberTerms:
    """Read what a member says of themselves."""
    does = [each for part in told_apart(member.does, loves=False) for each in told(part.side, part.text)]
    serves = [each for text in clients(member.serves) for each in told(Side.SERVES, text)]
    return MemberTerms(
        member,
        tuple(each for each in does if each.place is Place.DOES),
        tuple(each for each in (*does, *serves) if each.place in {Place.SERVES, Place.FOR}),
        tuple(told(Side.LOVES, member.interests)),
        tuple(read_wish(member.wish)),
    )
