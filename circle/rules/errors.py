"""Every way the rules say no: a business name and a sentence fit to show beside a field."""

from collections.abc import Mapping
from datetime import date, datetime


class Refusal(Exception):
    """A rule said no; `sentence` says how to mend it, `field` names the field it stands beside."""

    default = "That is not possible right now."

    def __init__(self, sentence: str = "", *, field: str | None = None) -> None:
        self.sentence = sentence or self.default
        self.field = field
        super().__init__(self.sentence)


class BadName(Refusal):
    """A name is empty, too long or holds characters that cannot be shown."""


class BadText(Refusal):
    """A text is too long or holds characters that cannot be shown."""


class BadAddress(Refusal):
    """An email address cannot be one."""


class AlreadyKnown(Refusal):
    """Somebody of that name is on the list already; `ref` is the kept one's public id."""

    def __init__(self, sentence: str, *, field: str, ref: str) -> None:
        super().__init__(sentence, field=field)
        self.ref = ref


class OtherColumns(Refusal):
    """The columns of a file were chosen in another way than they were looked at."""

    default = "You chose other columns. Here is what comes of it; nothing is kept yet."


class ListIsFull(Refusal):
    """A person's list of people they know holds as many as it may."""


class CannotReadFile(Refusal):
    """A file of people could not be read at all, so nothing of it was taken."""


class CannotReadLines(Refusal):
    """Some lines that should each name somebody do not, or there are too many or none."""


class CannotPutTogether(Refusal):
    """Those chosen cannot be put together in one mail."""


class UnknownZone(Refusal):
    """A time zone is not in the zone data."""

    default = "Choose a time zone from the list."


class BadRhythm(Refusal):
    """A rhythm breaks its bounds; `faults` are all sentences by field, `start` a first day that would do."""

    def __init__(
        self,
        sentence: str = "",
        *,
        field: str | None = None,
        faults: Mapping[str, str] | None = None,
        start: date | None = None,
    ) -> None:
        super().__init__(sentence, field=field)
        self.faults = dict(faults or ({field: self.sentence} if field else {}))
        self.start = start

    @classmethod
    def of(cls, faults: Mapping[str, str]) -> "BadRhythm":
        """Carry several faults, of which the first speaks for all."""
        field, sentence = next(iter(faults.items()))
        return cls(sentence, field=field, faults=faults)


class BadDate(Refusal):
    """A date lies outside what the round allows."""


class CannotRender(Refusal):
    """A letter could not be turned into safe bytes."""


class CommitmentCannotMove(Refusal):
    """A commitment may not go from its state to the one asked for."""


class MeetsAnother(BadDate):
    """A round would run into another one; `slot` names that one (local time of the circle)."""

    def __init__(self, sentence: str, *, field: str, slot: datetime) -> None:
        super().__init__(sentence, field=field)
        self.slot = slot


class RoundIsSealed(Refusal):
    """The round no longer takes answers."""

    default = "This round is finished, so it takes no more introductions."


class RoundIsOpen(Refusal):
    """The circle already has an open round."""

    default = "A round is open already. Close it first, or wait until it is due."


class CircleIsArchived(Refusal):
    """The circle rests: its pages can be read, nothing in it can be changed."""

    default = "This circle is archived, so nothing was changed. An organiser can bring it back."


class TooFewMembers(Refusal):
    """The circle has not reached its minimum."""


class CircleIsFull(Refusal):
    """Every seat is taken or held by an invitation."""


class AlreadyMember(Refusal):
    """The address belongs to somebody in the circle."""


class AlreadyInvited(Refusal):
    """The address has an open invitation to the circle."""


class InvitingYourself(Refusal):
    """An organiser gave their own address."""

    default = "That is your own address. You are in the circle already."


class TooManyInvitations(Refusal):
    """The person has sent as many invitations as a day allows."""


class InvitationRefused(Refusal):
    """The address asked never to be invited again."""


class InvitationEnded(Refusal):
    """The invitation was used, declined, withdrawn or has expired."""


class AlreadyResent(Refusal):
    """An invitation may be sent again only once."""

    default = "This invitation was sent twice already. Copy its link and send it yourself."


class ReceiverNotInRound(Refusal):
    """The receiver is not on the round's roster, or is the giver."""

    default = "Choose members of this round, other than yourself."


class IntroductionAnswered(Refusal):
    """The receiver has answered, so the introduction can be edited, not withdrawn."""


class LastOrganiser(Refusal):
    """A circle always keeps at least one organiser."""

    default = "You are the only organiser. Make somebody else an organiser first."


class CannotRemoveOrganiser(Refusal):
    """An organiser cannot remove an organiser."""

    default = "An organiser cannot be removed. They can step down or leave themselves."


class MayNotStart(Refusal):
    """This site does not let this person start a circle."""

    default = "Starting a circle is not open to everyone here. Ask the person who runs this site."


class CodeRefused(Refusal):
    """A sign-in link or code is wrong, used or too old."""

    default = "That code did not match. Look at the newest mail, or ask for a new one."


class TooManyAttempts(Refusal):
    """Somebody asked too often in a short time."""

    default = "That was tried often in a short time. Please wait a quarter of an hour."


class AddressTaken(Refusal):
    """Another person already signs in with this address."""


class StalePage(Refusal):
    """What the page showed is no longer so."""
