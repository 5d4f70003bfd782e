"""The letters of the demo circle: what has to happen there for each letter to be written."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select, update

from circle.extensions import db
from circle.formats.addresses import read_addresses
from circle.models import Circle, Commitment, Invitation, Person
from circle.rules.commitments import OUTSTANDING
from circle.rules.limits import Limits
from circle.rules.states import MailKind, NewsKind, Outcome, Purpose, Role
from circle.services.door import proofs, sign_in
from circle.services.door.proofs import Asked
from circle.services.farewell import erasure
from circle.services.giving import commitments, receiving, wishes
from circle.services.knowing import contacts
from circle.services.membership import handing_over, invitations, memberships
from circle.services.post import news, nudges
from circle.services.rounds import turns
from circle.services.running import demo
from circle.services.running.demo_stage import Stage, Staged
from circle.services.thinking import ideas, quarters
from circle.services.thinking.quarters import Quarter
from circle.services.work import writing

LIMITS = Limits(5, 6)
GUEST = "Greta Simm <greta@demo.invalid>"
NOTE = "We meet for breakfast on Thursday. It would be lovely to hear of it there."

IDEAS = (
    ("Nell Ashby", "She said at the fair that her cold store is full.", "Ben"),
    ("", "Ask at the choir who is hiring.", "Elena"),
)
"""What Amara parked before the next round: whom she thought of, why, and for whom."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A letter by its name: what it is in one line, and what has to happen for it."""

    name: str
    words: str
    play: Callable[[Stage], Staged]


def stage(name: str, now: datetime) -> Staged:
    """Let happen in a new demo circle what one letter tells; raise KeyError for another name."""
    scene = {each.name: each for each in SCENES}[name]
    demo.make(now)
    with writing() as session:
        session.execute(update(Person).values(demo=False))
    circle_id = db.session.execute(select(Circle.id)).scalar_one()
    people = {
        name.split()[0]: person_id for person_id, name in db.session.execute(select(Person.id, Person.name))
    }
    return scene.play(Stage(circle_id, people, now))


def _sign_in(on: Stage) -> Staged:
    email = db.session.get_one(Person, on.people["Amara"]).email
    sign_in.request(email, binding="", origin="", next_url="", may_join=False, now=on.now)
    return Staged(on.newest(MailKind.SIGN_IN), on.now)


def _confirmation(on: Stage) -> Staged:
    sign_in.confirm(on.people["Amara"], binding="", origin="", next_url="", now=on.now)
    return Staged(on.newest(MailKind.SIGN_IN), on.now)


def _new_address(on: Stage) -> Staged:
    with writing():
        asked = Asked(Purpose.NEW_ADDRESS, "amara@studio.invalid", "", "", "", on.people["Amara"])
        proofs.ask(asked, on.now)
    return Staged(on.newest(MailKind.NEW_ADDRESS), on.now)


def _invitation(on: Stage) -> Staged:
    memberships.leave(on.circle_id, on.people["Farid"], on.now)
    guests = read_addresses(GUEST).addresses
    invitations.invite(on.circle_id, on.people["Amara"], guests, LIMITS, on.now)
    return Staged(on.newest(MailKind.INVITATION), on.now)


def _invitation_again(on: Stage) -> Staged:
    _invitation(on)
    later = on.now + timedelta(days=7)
    invited = db.session.execute(select(Invitation.id)).scalar_one()
    invitations.resend(invited, on.people["Amara"], later)
    return Staged(on.newest(MailKind.INVITATION), later)


def _round_opened(on: Stage) -> Staged:
    _recap(on)
    with writing():
        for contact, words, first in IDEAS:
            about = {"circle_id": on.circle_id, "member_id": on.people[first]}
            ideas.park(on.people["Amara"], on.now, contact_name=contact, words=words, **about)
    opens_at = db.session.get_one(Circle, on.circle_id).next_opening_at or on.now
    turns.open_due(on.circle_id, opens_at, LIMITS)
    return Staged(on.newest(MailKind.ROUND_OPENED, "Amara"), opens_at)


def _daily(on: Stage) -> Staged:
    memberships.set_role(on.circle_id, on.people["Amara"], on.membership("Farid").id, Role.ORGANISER, on.now)
    with writing() as session:
        promise = on.promise("Farid", "Ben")
        promise.drafted_at, promise.contact_id = (
            on.now,
            contacts.keep(on.people["Farid"], "Lena Voss", on.now),
        )
        chloe = session.get_one(Person, on.people["Chloe"])
        chloe.mail_refused_at = on.now
        tell = partial(news.tell, on.people["Farid"], circle_id=on.circle_id, now=on.now)
        made = on.made("Chloe", "Farid")
        made.outcome = made.outcome_at = None
        tell(NewsKind.HOW_DID_IT_GO, introduction_id=made.id)
        tell(NewsKind.WEEKLY, round_id=on.round().id)
        tell(NewsKind.UNDELIVERABLE, about_id=chloe.id)
    _let_others_write_to_farid(on)
    return on.write_daily("Farid", on.reminder_of("Farid"))


def _reminder(on: Stage) -> Staged:
    return on.write_daily("Farid", on.reminder_of("Farid"))


def _news(on: Stage) -> Staged:
    _let_others_write_to_farid(on)
    return on.write_daily("Farid", on.tomorrow("Farid"))


def _let_others_write_to_farid(on: Stage) -> None:
    on.log("Amara", "Farid", "Hana Kubo", "Hana runs a food hall and opens a second one in March.")
    thanked = on.made("Farid", "Elena").public_id
    receiving.answer(on.people["Elena"], thanked, Outcome.LED_ON, on.now)
    receiving.thank(on.people["Elena"], thanked, "Signed on Friday. Breakfast is on me.", False, on.now)
    line = "I asked at two warehouses; nobody there cooks. I keep looking."
    number = on.round().number or 0
    commitments.pass_on(on.people["Dev"], on.circle_id, number, on.ref("Farid"), line, on.now)


def _look_again(on: Stage) -> Staged:
    sharper = "Founders of food firms who are about to rename, or to merge two names into one"
    wishes.say(on.people["Chloe"], sharper, on.now)
    return on.write_daily("Farid", on.tomorrow("Farid"))


def _fifteen_minutes(on: Stage) -> Staged:
    days = Quarter(frozenset(range(5)), 8, in_letter=True, in_calendar=False)
    quarters.update(on.people["Farid"], days, on.now)
    return on.write_daily("Farid", on.tomorrow("Farid"))


def _recap(on: Stage) -> Staged:
    round_ = on.round()
    due_at = round_.due_at
    turns.turn(round_.id, due_at)
    return Staged(on.newest(MailKind.RECAP, "Amara"), due_at)


def _all_done(on: Stage) -> Staged:
    outstanding = select(Commitment.giver_id, Commitment.receiver_id).where(
        Commitment.round_id == on.round().id, Commitment.state.in_(OUTSTANDING)
    )
    firsts = {person_id: first for first, person_id in on.people.items()}
    pairs = [(firsts[giver], firsts[receiver]) for giver, receiver in db.session.execute(outstanding)]
    for giver, receiver in pairs:
        on.log(giver, receiver, f"A friend of {giver}", "")
    return Staged(on.newest(MailKind.ALL_DONE, "Amara"), on.now)


def _held_back(on: Stage) -> Staged:
    for first in ("Elena", "Farid"):
        memberships.leave(on.circle_id, on.people[first], on.now)
    _recap(on)
    opens_at = db.session.get_one(Circle, on.circle_id).next_opening_at or on.now
    turns.open_due(on.circle_id, opens_at, LIMITS)
    return Staged(on.newest(MailKind.HELD_BACK), opens_at)


def _job_taken(on: Stage) -> Staged:
    handing_over.take_over(on.circle_id, on.people["Ben"], on.now)
    return Staged(on.newest(MailKind.JOB_TAKEN, "Chloe"), on.now)


def _nudge(on: Stage) -> Staged:
    nudges.nudge(on.circle_id, on.people["Amara"], [on.people["Farid"]], NOTE, on.now)
    return Staged(on.newest(MailKind.NUDGE), on.now)


def _left(on: Stage) -> Staged:
    memberships.leave(on.circle_id, on.people["Farid"], on.now)
    return Staged(on.newest(MailKind.LEFT), on.now)


def _to_be_erased(on: Stage) -> Staged:
    erasure.ask(on.people["Farid"], on.now, on.now)
    return Staged(on.newest(MailKind.TO_BE_ERASED), on.now)


SCENES = (
    Scene("sign_in", "the way in, a link and a code", _sign_in),
    Scene("confirmation", "a fresh code before something that matters", _confirmation),
    Scene("new_address", "a link and a code to a new address", _new_address),
    Scene("invitation", "an invitation", _invitation),
    Scene("invitation_again", "the invitation's one reminder", _invitation_again),
    Scene("round_opened", "a round has opened", _round_opened),
    Scene("daily", "the daily letter with everything it may hold", _daily),
    Scene("reminder", "the daily letter on a reminder day", _reminder),
    Scene("news", "the daily letter on any other day", _news),
    Scene("look_again", "somebody says more exactly whom to meet after a pass", _look_again),
    Scene("fifteen_minutes", "a quarter of an hour to think, on the days somebody chose", _fifteen_minutes),
    Scene("recap", "how the round went", _recap),
    Scene("all_done", "all introductions are made before the round is due", _all_done),
    Scene("held_back", "the next round waits for members, to an organiser", _held_back),
    Scene("job_taken", "somebody took on the organising", _job_taken),
    Scene("nudge", "an organiser reminds a member", _nudge),
    Scene("left", "somebody is no longer in a circle", _left),
    Scene("to_be_erased", "somebody asked to be erased, and how to undo it", _to_be_erased),
)
