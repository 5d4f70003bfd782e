"""A small world with one of everything a URL can name, and the values that name them."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import permutations

from flask import Flask
from sqlalchemy import select

from circle import clock
from circle.extensions import db
from circle.formats.people.person import PersonKnown
from circle.models import (
    Commitment,
    Introduction,
    Invitation,
    Membership,
    OutboxMail,
    RosterMember,
    Round,
)
from circle.rules.states import CommitmentState, MailState, RoundState
from circle.services.giving.capabilities import INTRODUCED, PROMISE, WISH
from circle.services.knowing import imports, keeping
from circle.services.meeting import mails, meetings
from circle.services.meeting.meetings import Told
from circle.services.tokens import new_token, sign
from circle.services.work import writing
from tests.cast import Actor, Cast, Stage


@dataclass(frozen=True)
class World:
    """What the URLs of one test point at."""

    values: dict[str, dict[str, str]]
    """URL values by noun; `*` holds those that every noun shares."""

    def url_values(self, endpoint: str) -> dict[str, str]:
        """Return what a URL of this endpoint may need."""
        return (
            self.values["*"] | self.values.get(endpoint.partition(".")[0], {}) | self.values.get(endpoint, {})
        )


def build(app: Flask, cast: Cast) -> World:
    """Make Ada's circle: Ben and Cy in an open round, Dee gone, Gil invited; Eve has one of her own."""
    stage = cast.circle("Ben", "Cy", "Dee")
    cast.circle(organiser="Eve", name="Another Circle")
    cast.person("Finn")
    people = {name: cast.person(name) for name in ("Ada", "Ben", "Cy", "Dee", "Gil")}
    with app.app_context():
        _leave(stage, people["Dee"])
        introduction = _open_round(stage, [people[name] for name in ("Ada", "Ben", "Cy")])
        invitation, mail = _invite(stage, people["Ada"], people["Gil"])
        contact, brought = _know(people["Ben"], stage)
        refs = {"introduction": introduction, "invitation": invitation, "mail": str(mail)}
        refs |= {"contact": contact, "import": brought}
        refs["meeting"], refs["draft"] = _meet(people["Ben"])
        values = _values(str(app.secret_key), stage, refs, people["Ben"])
        return World(values | _links(str(app.secret_key), stage, refs, people))


def _leave(stage: Stage, person: Actor) -> None:
    with writing() as session:
        row = session.query(Membership).filter_by(circle_id=stage.id, person_id=person.id).one()
        row.seat, row.left_at = None, clock.now()


def _open_round(stage: Stage, roster: list[Actor]) -> str:
    now = clock.now()
    with writing() as session:
        opened = Round(
            circle_id=stage.id,
            slot=now.replace(tzinfo=None, second=0, microsecond=0),
            number=1,
            state=RoundState.OPEN,
            opened_at=now,
            due_at=now + timedelta(days=14),
            turns_at=now + timedelta(days=14),
        )
        session.add(opened)
        session.flush()
        for seat, actor in enumerate(roster, 1):
            membership = session.query(Membership).filter_by(circle_id=stage.id, person_id=actor.id).one()
            session.add(
                RosterMember(
                    circle_id=stage.id,
                    round_id=opened.id,
                    membership_id=membership.id,
                    person_id=actor.id,
                    seat=seat,
                )
            )
        promises = {
            (giver.id, receiver.id): Commitment(
                circle_id=stage.id,
                round_id=opened.id,
                giver_id=giver.id,
                receiver_id=receiver.id,
                state=CommitmentState.OPEN,
                changed_at=now,
            )
            for giver, receiver in permutations(roster, 2)
        }
        session.add_all(promises.values())
        session.flush()
        made = promises[roster[1].id, roster[2].id]
        made.state = CommitmentState.INTRODUCED
        introduction = Introduction(
            circle_id=stage.id,
            round_id=opened.id,
            commitment_id=made.id,
            giver_id=made.giver_id,
            receiver_id=made.receiver_id,
            contact_name="Rosa Lind",
            made_on=now.date(),
            logged_at=now,
        )
        session.add(introduction)
        session.flush()
        return introduction.public_id


def _invite(stage: Stage, inviter: Actor, invited: Actor) -> tuple[str, int]:
    now = clock.now()
    with writing() as session:
        invitation = Invitation(
            circle_id=stage.id,
            inviter_id=inviter.id,
            email=invited.email,
            email_key=invited.email,
            created_at=now,
            expires_at=now + timedelta(days=14),
        )
        session.add(invitation)
        session.flush()
        mail = OutboxMail(
            kind="invitation",
            dedupe_key=f"invitation:{invitation.id}:0",
            circle_id=stage.id,
            invitation_id=invitation.id,
            message_id=new_token(),
            created_at=now,
            expires_at=invitation.expires_at,
            state=MailState.QUEUED,
            try_at=now,
        )
        session.add(mail)
        session.flush()
        return invitation.public_id, mail.id


def _know(person: Actor, stage: Stage) -> tuple[str, str]:
    # Each world of one test brings somebody new.
    file = f"Name\r\nKit {stage.public_id}\r\n".encode()
    contact = keeping.add(person.id, PersonKnown("Jo Tan"), clock.now())
    brought = imports.bring(person.id, "people.csv", file, clock.now())
    imports.keep(person.id, brought, clock.now())
    return contact, brought


def _meet(person: Actor) -> tuple[str, str]:
    now = clock.now()
    told = Told(people="Lea Ott\nUwe Rau", where_met="", met_on=now.date(), keep=False)
    meeting = meetings.begin(person.id, told, now)
    return meeting, mails.write(person.id, meeting, ["1", "2"], [], None, now)


def _values(key: str, stage: Stage, refs: dict[str, str], reader: Actor) -> dict[str, dict[str, str]]:
    return {
        "*": {"circle_id": stage.public_id, "number": "1", "ref": stage.refs["Cy"], "mail_id": refs["mail"]},
        "introductions": {"ref": refs["introduction"]},
        "contacts": {"ref": refs["contact"]},
        "contact_imports": {"ref": refs["import"]},
        "meetings": {"ref": refs["meeting"], "draft": refs["draft"]},
        "invitations": {
            "ref": refs["invitation"],
            "token": sign(key, "invitation-link", refs["invitation"]),
        },
        "letters": {"token": sign(key, "letters", reader.public_id, "daily")},
        "scheduling": {"slot": "20991203T0900"},
        "ways_back": {"slot": "20991203T0900", "draft": refs["draft"]},
        "calendars": {"token": sign(key, "calendar", "ended")},
        "sittings": {"position": "1"},
        "sign_in": {"token": new_token()},
        "people": {"token": new_token()},
        "sessions": {"ref": "nosuchsession"},
        "downloads": {"sheet": "introductions"},
        "static": {"filename": "css/tokens.css"},
    }


def _links(
    key: str, stage: Stage, refs: dict[str, str], people: dict[str, Actor]
) -> dict[str, dict[str, str]]:
    """Return Ben's link to his promise for Ada, and Cy's to the introduction Ben made for her."""
    promised = select(Commitment.id).where(
        Commitment.circle_id == stage.id,
        Commitment.giver_id == people["Ben"].id,
        Commitment.receiver_id == people["Ada"].id,
    )
    round_id = db.session.execute(select(Round.id).where(Round.circle_id == stage.id)).scalar_one()
    promise = [people["Ben"].public_id, 0, db.session.execute(promised).scalar_one(), []]
    return {
        "promises": {"token": sign(key, PROMISE, *promise), "ref": refs["introduction"]},
        "answers": {"token": sign(key, INTRODUCED, people["Cy"].public_id, 0, refs["introduction"])},
        "wishes": {"token": sign(key, WISH, people["Ben"].public_id, 0, round_id)},
    }
