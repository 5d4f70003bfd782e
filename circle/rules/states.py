"""The words of the domain as enums: the value is what is stored, `words` is what people read."""

from enum import Enum, StrEnum


class Worded(StrEnum):
    """An enum whose members carry the words people read."""

    words: str

    def __new__(cls, value: str, words: str) -> "Worded":
        member = str.__new__(cls, value)
        member._value_ = value
        member.words = words
        return member


class Role(Worded):
    """What a membership allows."""

    ORGANISER = "organiser", "organiser"
    MEMBER = "member", "member"


class RoundState(Worded):
    """Where a round is in its life; a closed round is still answerable, a sealed one is not."""

    SCHEDULED = "scheduled", "coming"
    OPEN = "open", "open"
    CLOSED = "closed", "closed"
    SEALED = "sealed", "finished"
    SKIPPED = "skipped", "skipped"


class CommitmentState(Worded):
    """Where one promise of a giver to a receiver stands."""

    OPEN = "open", "still open"
    ASKING = "asking", "asking"
    INTRODUCED = "introduced", "introduced"
    PASSED = "passed", "passed this round"
    EXCUSED = "excused", "excused"


class Synergy(Worded):
    """The reason to put two people together."""

    SAME_CLIENTS = "same_clients", "Same clients"
    TEAM_UP = "team_up", "Could team up"
    SHARED_INTEREST = "shared_interest", "Shared interest"


class Shape(Worded):
    """To whom a giver writes first."""

    TOGETHER = "together", "To both: I introduce you"
    ASK_CONTACT = "ask_contact", "To the one you know first: may I introduce you?"
    ASK_MEMBER = "ask_member", "To the member first: may I introduce you?"


class Channel(Worded):
    """How an introduction was made."""

    EMAIL = "email", "Email"
    IN_PERSON = "in_person", "In person"
    CALL = "call", "Call"
    MESSAGE = "message", "Message"


class Outcome(Worded):
    """What the receiver says came of an introduction."""

    IN_TOUCH = "in_touch", "We are in touch"
    MET = "met", "We met"
    LED_ON = "led_on", "It led to something"
    NOT_A_FIT = "not_a_fit", "Not a fit"
    NOT_RECEIVED = "not_received", "This did not reach me"


class NewsKind(StrEnum):
    """What a daily letter may tell its reader about one introduction or commitment."""

    INTRODUCED = "introduced"
    WITHDRAWN = "withdrawn"
    PASSED = "passed"
    ANSWERED = "answered"
    THANKED = "thanked"
    HOW_DID_IT_GO = "how_did_it_go"
    DRAFTED = "drafted"
    WEEKLY = "weekly"
    UNDELIVERABLE = "undeliverable"
    LOOK_AGAIN = "look_again"
    FIFTEEN_MINUTES = "fifteen_minutes"


class SetAside(StrEnum):
    """For how long a giver does not want a contact suggested for a member."""

    FOR_GOOD = "for_good"
    LATER = "later"
    NOT_NOW = "not_now"
    """The contact was asked, and said "not now"."""


class ChangeKind(Worded):
    """What can be done in a circle; `words` follow the name of who did it, with {about} and {words}.

    `by_itself` is the whole sentence when time did it, or somebody who has no name here.
    """

    by_itself: str

    def __new__(cls, value: str, words: str, by_itself: str = "") -> "ChangeKind":
        member = str.__new__(cls, value)
        member._value_, member.words, member.by_itself = value, words, by_itself
        return member

    JOINED = "joined", "joined the circle"
    LEFT = "left", "left the circle"
    REMOVED = "removed", "removed {about} from the circle"
    ORGANISER = "organiser", "made {about} an organiser"
    STEPPED_DOWN = "stepped_down", "stepped down as organiser"
    TOOK_OVER = "took_over", "took on the organising"
    HANDED_ON = "handed_on", "organises now too, as mail to {about} comes back"
    TOOK_BACK = "took_back", "took the organising back from {about}"
    INVITED = "invited", "invited {words}"
    RESENT = "resent", "wrote to {words} once more"
    WITHDREW = "withdrew", "took back the invitation of {words}"
    DECLINED = "declined", "declined the invitation", "{words} declined the invitation"
    ADDED = "added", "added {about} to {words}"
    AWAY = "away", "is away {words}"
    BACK = "back", "is back"
    DESCRIBED = "described", "changed the circle's {words}"
    RHYTHM = "rhythm", "set the rhythm: {words}"
    NO_RHYTHM = "no_rhythm", "removed the rhythm"
    MOVED = "moved", "changed the dates of the round of {words}"
    SKIPPED = "skipped", "skipped the round of {words}"
    RESTORED = "restored", "put the round of {words} back on its date"
    PAUSED = "paused", "paused the circle until {words}"
    RESUMED = "resumed", "ended the pause"
    OPENED = "opened", "opened {words}", "{words} opened by the rhythm"
    HELD = "held", "held back {words}", "The round of {words} was held back for want of members"
    EXTENDED = "extended", "moved the due date of {words}"
    CLOSED = "closed", "closed {words}", "{words} closed when it was due"
    REOPENED = "reopened", "opened {words} again"
    THEMED = "themed", "gave {words}"
    NUDGED = "nudged", "reminded {about}"
    ARCHIVED = "archived", "archived the circle"
    UNARCHIVED = "unarchived", "brought the circle back"
    ERASURE = "erasure", "asked to erase the circle"
    KEPT = "kept", "stopped the erasure"


class Purpose(StrEnum):
    """What a mailed link and code are for."""

    SIGN_IN = "sign_in"
    NEW_ADDRESS = "new_address"
    CONFIRM = "confirm"


class Switch(Worded):
    """What a reader may turn off, in all circles; `words` name the letters it stops."""

    DAILY = "daily", "The daily letter with reminders and nudges"
    ROUND_OPENED = "round_opened", "The letter that a round has opened"
    RECAP = "recap", "The letter on how a round went"
    ALL_DONE = "all_done", "The letter that all introductions are made"
    ORGANISING = "organising", "Letters about organising"


class MailKind(Enum):
    """Every letter the site writes: (name, words for settings, hours it stays worth sending, at most once).

    A letter with `switch` can be turned off by its reader; one without is always sent.
    """

    SIGN_IN = "sign_in", "Sign-in", 10 / 60, False, None
    NEW_ADDRESS = "new_address", "Change of address", 10 / 60, False, None
    INVITATION = "invitation", "Invitation", 14 * 24, False, None
    ROUND_OPENED = "round_opened", "A round has opened", 3 * 24, False, Switch.ROUND_OPENED
    DAILY = "daily", "Daily letter and reminder", 24, True, Switch.DAILY
    RECAP = "recap", "How the round went", 7 * 24, False, Switch.RECAP
    ALL_DONE = "all_done", "All introductions made", 3 * 24, False, Switch.ALL_DONE
    HELD_BACK = "held_back", "A round waits for members", 7 * 24, False, Switch.ORGANISING
    JOB_TAKEN = "job_taken", "Somebody took on the organising", 7 * 24, False, Switch.ORGANISING
    NUDGE = "nudge", "A nudge from an organiser", 24, True, Switch.DAILY
    LEFT = "left", "No longer in a circle", 7 * 24, False, None
    TO_BE_ERASED = "to_be_erased", "To be erased", 7 * 24, False, None

    def __init__(
        self, key: str, words: str, worth_hours: float, at_most_once: bool, switch: Switch | None
    ) -> None:
        self.key = key
        self.words = words
        self.worth_hours = worth_hours
        self.at_most_once = at_most_once
        self.switch = switch

    @classmethod
    def named(cls, key: str) -> "MailKind":
        """Return the kind stored under this key; raise KeyError for any other."""
        return {kind.key: kind for kind in cls}[key]


class MailState(StrEnum):
    """Where one row of the outbox stands."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    STARTED = "started"
    SENT = "sent"
    DROPPED = "dropped"
    FAILED = "failed"
    EXPIRED = "expired"
    UNKNOWN = "unknown"
