"""The cast: Ada organises; Ben, Cy, Dee, Eve and Gil are members; Finn is a stranger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import select

from circle import clock
from circle.extensions import db
from circle.models import Circle, Membership, Person, Session
from circle.rules.limits import Limits
from circle.rules.states import Role
from circle.services.membership import seats
from circle.services.tokens import hashed, new_token
from circle.services.work import writing
from tests.client import Client

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
"""A Monday; the moment most stories begin."""

DOES = {
    "Ada": (
        "Ada Obi",
        "Translator for law firms",
        "Law firms",
        "Chess, sailing",
        "Partners who open an office abroad",
    ),
    "Ben": ("Ben Katz", "Insurance broker", "Small shops", "Cycling", "Operations leads at bakeries"),
    "Cy": ("Cy Marsh", "Brand designer", "Founders", "Sailing", "Founders about to rename"),
    "Dee": ("Dee Patel", "Freight software", "Warehouses", "Choir", "Warehouse owners in the north-west"),
    "Eve": (
        "Eve Ruiz",
        "Employment lawyer",
        "Growing firms",
        "Climbing",
        "HR managers hiring their first ten",
    ),
    "Gil": (
        "Gil Haddad",
        "Accountant for restaurants",
        "Restaurants",
        "Cooking",
        "Anyone opening a second site",
    ),
    "Finn": ("Finn Stone", "Baker", "Cafés", "Bread", "Millers"),
}


@dataclass(frozen=True)
class Actor:
    """One of the cast as tests speak of them."""

    id: int
    public_id: str
    name: str
    email: str


@dataclass(frozen=True)
class Stage:
    """A circle as tests speak of it: ids, and membership public ids by first name."""

    id: int
    public_id: str
    refs: dict[str, str]


class Cast:
    """Makes people and circles as rows, so that a test starts where its story starts."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def person(self, first: str, *, zone: str = "Europe/London", now: datetime = NOON) -> Actor:
        """Return this one of the cast, made on first call."""
        return self._people((first,), zone, now)[first]

    def circle(
        self,
        *members: str,
        organiser: str = "Ada",
        name: str = "Harbour Circle",
        zone: str = "Europe/London",
        now: datetime = NOON,
    ) -> Stage:
        """Return a circle of the organiser and these members, in this seat order."""
        people = self._people((organiser, *members), "Europe/London", now)
        with self.app.app_context(), writing() as session:
            circle = Circle(name=name, zone=zone, created_at=now)
            session.add(circle)
            session.flush()
            rows = {
                first: Membership(
                    circle_id=circle.id,
                    person_id=actor.id,
                    role=Role.ORGANISER if first == organiser else Role.MEMBER,
                    seat=seat,
                    joined_at=now,
                )
                for seat, (first, actor) in enumerate(people.items(), 1)
            }
            session.add_all(rows.values())
            session.flush()
            return Stage(circle.id, circle.public_id, {first: row.public_id for first, row in rows.items()})

    def join(self, stage: Stage, actor: Actor) -> None:
        """Seat somebody in a circle now."""
        with self.app.app_context(), writing():
            seats.take(stage.id, actor.id, Role.MEMBER, Limits(5, 6), clock.now())

    def client(self, first: str | None = None) -> Client:
        """Return a browser, signed in as this one of the cast, or signed out."""
        client = self.app.test_client()
        assert isinstance(client, Client)
        if first:
            self.sign_in(client, self.person(first))
        return client

    def sign_in(self, client: Client, actor: Actor) -> None:
        """Sign a browser in without the mail."""
        sid = self.session(actor)
        with client.session_transaction() as cookie:
            cookie["sid"] = sid

    def session(self, actor: Actor) -> str:
        """Open a session and return its id."""
        sid, now = new_token(), clock.now() - timedelta(seconds=1)
        with self.app.app_context(), writing() as session:
            session.add(
                Session(
                    person_id=actor.id,
                    sid_hash=hashed(sid),
                    device="Test",
                    created_at=now,
                    used_at=now,
                    confirmed_at=now,
                )
            )
        return sid

    def _people(self, names: Sequence[str], zone: str, now: datetime) -> dict[str, Actor]:
        emails = {_email(first): first for first in names}
        wanted = select(Person).where(Person.email_key.in_(emails))
        with self.app.app_context():
            found = {emails[person.email_key]: person for person in db.session.scalars(wanted)}
            new = {first: _new_person(first, zone, now) for first in names if first not in found}
            if new:
                with writing() as session:
                    session.add_all(new.values())
            return {first: _actor((found | new)[first]) for first in names}


def _email(first: str) -> str:
    return f"{first.lower()}@example.org"


def _new_person(first: str, zone: str, now: datetime) -> Person:
    name, does, serves, interests, wish = DOES[first]
    return Person(
        email=_email(first),
        email_key=_email(first),
        name=name,
        zone=zone,
        does=does,
        serves=serves,
        interests=interests,
        wish=wish,
        created_at=now,
    )


def _actor(person: Person) -> Actor:
    return Actor(person.id, person.public_id, person.name, person.email)
