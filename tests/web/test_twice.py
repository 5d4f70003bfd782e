"""Every button pressed twice: one after the other and at the same moment; no fault, and done at most once."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from circle import clock
from circle.extensions import db
from circle.formats.addresses import Address
from circle.formats.people.person import PersonKnown
from circle.models import Invitation, Person, Session, SignInRequest
from circle.models.base import Base
from circle.rules.rhythm import Pattern, Rhythm
from circle.rules.states import Role
from circle.services.door import sign_in
from circle.services.giving import questions
from circle.services.knowing import imports, keeping
from circle.services.meeting import mails, meetings
from circle.services.meeting.meetings import Told
from circle.services.membership import invitations, memberships, seats
from circle.services.progress import schedule_page
from circle.services.rounds import by_hand, rhythms, schedules, turns
from circle.services.thinking import ideas, parked, sitting_page, sittings
from circle.services.tokens import new_token, sign
from circle.services.work import writing
from tests.cast import Cast
from tests.client import Client
from tests.services.at_once import at_once
from tests.snapshot import rows
from tests.web.acting import LIMITS, Acting

pytestmark = pytest.mark.both_databases

RHYTHM = {
    "pattern": "weekly",
    "interval": "2",
    "weekday": "1",
    "opens_at": "09:00",
    "due_days": "5",
    "due_time": "17:00",
}
PROFILE = {"name": "Ada Obi", "zone": "Europe/Berlin", "wish": "Partners who open an office"}


@dataclass(frozen=True)
class Press:
    """Who presses a button, with what typed; `ready` makes what the button is about."""

    who: str | None
    form: dict[str, object] = field(default_factory=dict)
    ready: str = ""


PRESSES = {
    "absences.create": Press("Ada"),
    "absences.remove": Press("Ada", ready="away"),
    "answers.answer": Press(None, {"outcome": "met"}, ready="told"),
    "answers.thank": Press(None, {"text": "What a find"}, ready="told"),
    "archives.create": Press("Ada"),
    "archives.erase": Press("Ada"),
    "archives.keep": Press("Ada", ready="erased"),
    "archives.remove": Press("Ada", ready="archived"),
    "calendars.remove": Press("Ada", ready="calendar"),
    "circles.create": Press("Ada", {"name": "Second Circle", "zone": "Europe/London"}),
    "circles.update": Press("Ada", {"name": "Quay Circle", "zone": "Europe/London"}),
    "commitments.answer": Press("Ada", {"asked": "DOES", "answer": "Baker"}, ready="thought of"),
    "commitments.ask_again": Press("Ada", ready="not now"),
    "commitments.ask": Press("Ada", {"contact_name": "Jo Tan"}),
    "commitments.bring_back": Press("Ada", ready="set aside"),
    "commitments.set_aside": Press("Ada", {"kind": "for_good"}, ready="thought of"),
    "commitments.pass_on": Press("Ada", {"line": "Nobody yet."}),
    "commitments.reopen": Press("Ada", ready="passed"),
    "commitments.count": Press("Ada", ready="kept outside"),
    "commitments.drop": Press("Ada", ready="drafted"),
    "commitments.revise": Press("Ada", {"subject": "Meet", "text": "Hello"}, ready="drafted"),
    "commitments.sent": Press("Ada", ready="drafted"),
    "commitments.write": Press("Ada", {"contact_name": "Jo Tan"}),
    "contact_imports.columns": Press(
        "Ada", {"column-0": "organisation", "column-1": "name"}, ready="brought"
    ),
    "contact_imports.create": Press("Ada", {"pasted": "Jo Tan, runs a press"}),
    "contact_imports.give_up": Press("Ada", ready="brought"),
    "contact_imports.keep": Press("Ada", ready="brought"),
    "contact_imports.undo": Press("Ada", ready="kept"),
    "contacts.archive": Press("Ada", ready="known"),
    "contacts.create": Press("Ada", {"name": "Jo Tan", "line": "Runs a press"}),
    "contacts.erase": Press("Ada", ready="known"),
    "contacts.unarchive": Press("Ada", ready="resting"),
    "contacts.update": Press("Ada", {"name": "Jo Tann"}, ready="known"),
    "erasures.create": Press("Ada"),
    "erasures.remove": Press("Ada", ready="to be erased"),
    "ideas.remove": Press("Ada", ready="parked"),
    "introductions.answer": Press("Ben", {"outcome": "met"}, ready="logged"),
    "introductions.create": Press("Ada", {"contact_name": "Rosa Lind"}),
    "introductions.note_outcome": Press("Ada", {"outcome": "met", "note": "Lunch."}, ready="outside"),
    "introductions.thank": Press("Ben", {"text": "What a find"}, ready="logged"),
    "introductions.update": Press("Ada", {"contact_name": "Jo Tan"}, ready="logged"),
    "introductions.withdraw": Press("Ada", ready="logged"),
    "invitations.accept": Press("Gil", ready="invited"),
    "invitations.create": Press("Ada", {"addresses": "gil@example.org"}),
    "invitations.create_link": Press("Ada", {"after": ""}),
    "invitations.decline": Press("Gil", {"never_again": "y"}, ready="invited"),
    "invitations.resend": Press("Ada", ready="invited"),
    "invitations.withdraw": Press("Ada", ready="invited"),
    "letters.keep": Press(None, {"hour": "7", "weekdays": ["0", "6"], "daily": "y"}),
    "letters.stop": Press(None),
    "meetings.create": Press("Ada", {"people": "Rosa Lind\nTom Berg", "keep": "y"}),
    "meetings.drop": Press("Ada", ready="mail"),
    "meetings.forget": Press("Ada", ready="mail"),
    "meetings.revise": Press("Ada", {"subject": "Meet", "text": "Hello"}, ready="mail"),
    "meetings.sent": Press("Ada", ready="mail"),
    "meetings.write": Press("Ada", {"met": ["1", "2"]}, ready="met"),
    "memberships.add_to_round": Press("Ada", ready="joined"),
    "memberships.leave": Press("Ben"),
    "memberships.remove": Press("Ada"),
    "memberships.role": Press("Ada", {"role": "organiser"}),
    "memberships.take_back": Press("Ada", ready="taken"),
    "memberships.take_over": Press("Ben", ready="unseen"),
    "nudges.create": Press("Ada", {"for": "all", "note": "We meet on Thursday."}),
    "people.try_mail_again": Press("Ada", ready="refused"),
    "people.take_address": Press("Ada", ready="moving"),
    "people.update": Press("Ada", PROFILE),
    "people.update_letters": Press("Ada", {"hour": "7", "weekdays": ["0", "6"], "daily": "y"}),
    "people.use_address_link": Press("Ada", ready="moving"),
    "promises.ask": Press(None, {"contact_name": "Jo Tan"}),
    "promises.count": Press(None, ready="kept outside"),
    "promises.drop": Press(None, ready="drafted"),
    "promises.revise": Press(None, {"subject": "Meet", "text": "Hello"}, ready="drafted"),
    "promises.sent": Press(None, ready="drafted"),
    "promises.write": Press(None, {"contact_name": "Jo Tan"}),
    "promises.log": Press(None, {"contact_name": "Rosa Lind"}),
    "promises.pass_on": Press(None, {"line": "Nobody yet."}),
    "promises.reopen": Press(None, ready="passed"),
    "promises.withdraw": Press(None, ready="logged by link"),
    "quarters.update": Press("Ada", {"weekdays": ["1"], "in_letter": "y", "hour": "8"}),
    "records.create": Press("Ada", {"contact_name": "Rosa Lind", "other_name": "Jo Tan"}),
    "rounds.create": Press("Ada", {"due_time": "17:00"}, ready="quiet"),
    "rhythms.drop": Press("Ada", ready="rhythm"),
    "rhythms.update": Press("Ada", RHYTHM),
    "scheduling.alter": Press("Ada", {"opens_time": "10:00", "due_time": "17:00"}, ready="rhythm"),
    "scheduling.close": Press("Ada"),
    "scheduling.extend": Press("Ada", {"due_time": "16:00"}),
    "scheduling.open_with_few": Press("Ada", ready="held"),
    "scheduling.pause": Press("Ada", ready="rhythm"),
    "scheduling.reopen": Press("Ada", {"due_time": "17:00"}, ready="closed"),
    "scheduling.restore": Press("Ada", ready="skipped"),
    "scheduling.resume": Press("Ada", ready="paused"),
    "scheduling.skip": Press("Ada", ready="rhythm"),
    "scheduling.theme": Press("Ada", {"theme": "People who export"}),
    "sessions.end": Press("Ada", ready="elsewhere"),
    "sessions.end_all": Press("Ada"),
    "sign_in.check": Press(None, ready="asked"),
    "sign_in.end": Press("Ada"),
    "sign_in.use": Press(None, ready="asked"),
    "sittings.create": Press("Ada"),
    "sittings.finish": Press("Ada", ready="sitting"),
    "sittings.settle": Press("Ada", {"do": "park", "contact_name": "Jo Tan"}, ready="sitting"),
    "wishes.keep": Press(None, {"wish": "Founders who move"}),
    "wishes.update": Press("Ada", {"wish": "Founders who move"}),
}

EACH_TIME_ANEW = {
    "calendars.create": Press("Ada"),
    "pages.demo": Press(None),
    "people.change_address": Press("Ada", {"email": "ada@new.example.org"}),
    "people.send_confirmation": Press("Ada"),
    "rhythms.preview": Press("Ada", RHYTHM),
    "sign_in.create": Press(None, {"email": "ada@example.org"}),
}
"""Each press asks for a mail or a look of its own, within the limits of asking."""


def test_every_button_is_pressed_here(app):
    posted = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    assert posted == PRESSES.keys() | EACH_TIME_ANEW.keys()


@pytest.mark.parametrize("endpoint", PRESSES)
def test_the_first_press_does_something(endpoint, app, cast):
    scene = Scene(app, cast, endpoint, PRESSES[endpoint])
    before = rows(app)
    assert scene.press() < 400
    assert rows(app) != before


@pytest.mark.parametrize("endpoint", PRESSES)
def test_a_second_press_changes_nothing_more(endpoint, app, cast):
    scene = Scene(app, cast, endpoint, PRESSES[endpoint])
    scene.press()
    before = facts(app)
    assert scene.press() < 500
    assert facts(app) == before


@pytest.mark.parametrize("endpoint", PRESSES)
def test_two_presses_at_the_same_moment_do_as_much_as_one(endpoint, app, cast):
    scene = Scene(app, cast, endpoint, PRESSES[endpoint])
    scene.press()
    by_one = counts(app)
    wipe(app)
    scene = Scene(app, cast, endpoint, PRESSES[endpoint])
    assert max(press_together(app, scene)) < 500
    assert counts(app) == by_one


@pytest.mark.parametrize("endpoint", EACH_TIME_ANEW)
def test_what_is_asked_for_twice_at_the_same_moment_is_no_fault(endpoint, app, cast):
    scene = Scene(app, cast, endpoint, EACH_TIME_ANEW[endpoint])
    assert max(press_together(app, scene)) < 400


def press_together(app: Flask, scene: "Scene") -> list[int]:
    """Press the button in two windows at the same moment and return both statuses."""
    answers: list[int] = []
    assert at_once(app, *[partial(scene.press_apart, answers)] * 2) == [None, None]
    return answers


def facts(app: Flask) -> dict[str, list[tuple[object, ...]]]:
    """Return all rows without their moments: when something was said may be said anew."""
    return {
        table: [tuple(value for value in row if not isinstance(value, datetime)) for row in found]
        for table, found in rows(app).items()
    }


def counts(app: Flask) -> dict[str, int]:
    """Return how many rows each table has."""
    return {table: len(found) for table, found in rows(app).items()}


def wipe(app: Flask) -> None:
    """Forget everything, so that the same story can begin again."""
    with app.app_context(), writing() as session:
        for table in reversed(Base.metadata.sorted_tables):
            session.execute(delete(table))


class Scene:
    """The circle of five, with what one button needs, and the browser in which it is pressed."""

    def __init__(self, app: Flask, cast: Cast, endpoint: str, press: Press) -> None:
        self.app, self.cast = app, cast
        self.act = Acting(cast, opened=press.ready not in {"quiet", "held"})
        self.browser = cast.client(press.who)
        self.values = {
            "circle_id": self.act.stage.public_id,
            "number": "1",
            "ref": self.act.stage.refs["Ben"],
        }
        self.form = dict(press.form)
        self._fill_in(endpoint)
        ready: dict[str, Callable[[], None]] = {
            "asked": self._ask_to_sign_in,
            "elsewhere": self._sign_in_elsewhere,
            "invited": self._invite,
            "drafted": self._write,
            "logged": self._log,
            "logged by link": self._log_by_link,
            "told": self._log_for_a_letter,
            "moving": self._move,
            "passed": self._pass,
            "not now": self._hear_not_now,
            "rhythm": self._set_rhythm,
            "closed": lambda: self._press("scheduling.close"),
            "skipped": self._skip,
            "paused": self._pause,
            "held": self._hold,
            "away": lambda: self._press("absences.create"),
            "erased": lambda: self._press("archives.erase"),
            "archived": lambda: self._press("archives.create"),
            "joined": self._join,
            "calendar": lambda: self._press("calendars.create"),
            "unseen": self._forget_ada,
            "taken": self._take_over,
            "refused": self._refuse_mail,
            "known": self._know,
            "resting": self._let_rest,
            "thought of": self._think_of_jo,
            "set aside": self._set_jo_aside,
            "brought": self._bring,
            "kept": self._keep_what_was_brought,
            "met": self._meet,
            "mail": self._write_after_meeting,
            "sitting": self._sit_down,
            "parked": self._park,
            "outside": self._keep_in_the_record,
            "kept outside": self._make_for_ben_outside,
            "to be erased": self._ask_to_be_erased,
        }
        ready.get(press.ready, lambda: None)()
        self.url = self._url(endpoint)

    def press(self) -> int:
        """Press the button and return the status."""
        return self.browser.submit(self.url, self.form).status_code

    def press_apart(self, answers: list[int]) -> None:
        """Press it in a second window of the same browser."""
        window = self.cast.client()
        cookie = self.browser.get_cookie(self.app.config["SESSION_COOKIE_NAME"], domain="localhost")
        if cookie:
            window.set_cookie(cookie.key, cookie.value, domain="localhost")
        answers.append(window.submit(self.url, self.form).status_code)

    def _fill_in(self, endpoint: str) -> None:
        act = self.act
        if endpoint.startswith("promises."):
            self.values["token"] = act.promise_token("Ada", "Ben", "Jo Tan")
        if endpoint == "wishes.keep":
            self.values["token"] = act.wish_token("Ada")
        if endpoint.startswith(("introductions.", "promises.", "records.")):
            self.form |= {"made_on": act.now.date().isoformat(), "receiver_refs": [act.stage.refs["Ben"]]}
        if endpoint == "rounds.create":
            self.form["due_on"] = (act.now + timedelta(days=14)).date().isoformat()
        if endpoint in {"scheduling.extend", "scheduling.reopen"}:
            self.form["due_on"] = (act.now + timedelta(days=10)).date().isoformat()
        day = {"absences": "first", "meetings": "met_on"}.get(endpoint.partition(".")[0])
        if day:
            self.form[day] = act.now.date().isoformat()
        if endpoint == "scheduling.pause":
            self.form["until"] = (act.now + timedelta(days=40)).date().isoformat()
        if endpoint.startswith("rhythms."):
            self.form["starts_on"] = (act.now + timedelta(days=30)).date().isoformat()
        if endpoint.startswith("letters."):
            ada = self.cast.person("Ada").public_id
            self.values["token"] = sign(str(self.app.secret_key), "letters", ada, "daily")

    def _url(self, endpoint: str) -> str:
        rule = next(rule for rule in self.app.url_map.iter_rules(endpoint) if "POST" in (rule.methods or ()))
        with self.app.test_request_context():
            return self.app.url_for(
                endpoint, _method="POST", **{name: self.values[name] for name in rule.arguments}
            )

    def _ask_to_sign_in(self) -> None:
        self.cast.person("Ada")
        self.browser.submit("/sign-in", {"email": "ada@example.org"})
        self.values["token"], self.form["code"] = self._secrets()

    def _sign_in_elsewhere(self) -> None:
        self.cast.session(self.cast.person("Ada"))
        with self.app.app_context():
            newest = select(Session.public_id).order_by(Session.id.desc())
            self.values["ref"] = db.session.scalars(newest).first() or ""

    def _invite(self) -> None:
        gil = self.cast.person("Gil")
        with self.app.app_context():
            invitations.invite(
                self.act.stage.id,
                self.cast.person("Ada").id,
                [Address(gil.name, gil.email)],
                LIMITS,
                self.act.now - timedelta(hours=2),
            )
            self.values["ref"] = db.session.scalars(select(Invitation.public_id)).one()
        self.values["token"] = sign(str(self.app.secret_key), "invitation-link", self.values["ref"])

    def _log(self) -> None:
        self._as_ada().submit(self.act.log_url(), self.act.form("Ben"))
        self.values["ref"] = self.act.refs()[0]

    def _write(self) -> None:
        self._as_ada().submit(self.act.promise_url("Ben", "draft"), {"contact_name": "Jo Tan"})

    def _log_by_link(self) -> None:
        form = self.act.form("Ben")
        self.cast.client().submit(f"/promises/{self.values['token']}/introduction", form)
        self.values["ref"] = self.act.refs()[0]

    def _log_for_a_letter(self) -> None:
        self._log()
        self.values["token"] = self.act.introduction_token("Ben", self.values["ref"])

    def _move(self) -> None:
        self.browser.submit("/you/address", {"email": "ada@new.example.org"})
        self.values["token"], self.form["code"] = self._secrets()

    def _pass(self) -> None:
        self._as_ada().submit(self.act.promise_url("Ben", "no-fit"))

    def _hear_not_now(self) -> None:
        ada, act = self._as_ada(), self.act
        ada.submit(act.promise_url("Ben", "asking"), {"contact_name": "Jo Tan"})
        with self.app.app_context():
            ada_id = self.cast.person("Ada").id
            question = questions.waiting(ada_id, act.stage.id, 1, act.stage.refs["Ben"])
            self.form |= question.as_words() if question else {}
        ada.submit(act.promise_url("Ben", "opening"))

    def _set_rhythm(self) -> None:
        start = (self.act.now + timedelta(days=30)).date().isoformat()
        self._as_ada().submit(f"{self.act.url}/rhythm", RHYTHM | {"starts_on": start})

        with self.app.app_context():
            [first] = schedules.ahead(self.act.stage.id, clock.now(), 1)
            db.session.rollback()
        self.values["slot"] = schedule_page.slot_text(first.slot)
        self.form |= {"opens_on": f"{first.slot:%Y-%m-%d}", "due_on": f"{first.due_local:%Y-%m-%d}"}

    def _skip(self) -> None:
        self._set_rhythm()
        self._press("scheduling.skip")

    def _pause(self) -> None:
        self._set_rhythm()
        until = (self.act.now + timedelta(days=40)).date().isoformat()
        self._as_ada().submit(self._url("scheduling.pause"), {"until": until})

    def _hold(self) -> None:
        now, stage, ada = self.act.now, self.act.stage, self.cast.person("Ada").id
        began, due = now - timedelta(days=20), now - timedelta(days=10)
        with self.app.app_context():
            by_hand.open_now(stage.id, ada, due.date(), due.time(), began, limits=LIMITS)
        self.act.turn(-9)
        with self.app.app_context():
            memberships.leave(stage.id, self.cast.person("Eve").id, now)
            opens = now - timedelta(days=1)
            weekly = Rhythm(
                pattern=Pattern.WEEKLY, starts_on=opens.date(), weekday=opens.weekday(), due_days=6
            )
            rhythms.set_rhythm(stage.id, ada, weekly, now - timedelta(days=3))
            turns.open_due(stage.id, now, LIMITS)

    def _join(self) -> None:
        gil = self.cast.person("Gil")
        with self.app.app_context(), writing():
            joined = seats.take(self.act.stage.id, gil.id, Role.MEMBER, LIMITS, self.act.now)
            self.values["ref"] = joined.public_id

    def _forget_ada(self) -> None:
        with self.app.app_context(), writing() as session:
            ada = session.get_one(Person, self.cast.person("Ada").id)
            ada.seen_at = ada.created_at = self.act.now - timedelta(days=61)

    def _refuse_mail(self) -> None:
        with self.app.app_context(), writing() as session:
            session.get_one(Person, self.cast.person("Ada").id).mail_refused_at = self.act.now

    def _know(self) -> None:
        with self.app.app_context():
            ada = self.cast.person("Ada").id
            self.values["ref"] = keeping.add(ada, PersonKnown("Jo Tan"), self.act.now)

    def _think_of_jo(self) -> None:
        ben = self.values["ref"]
        self._know()
        self.form["contact"], self.values["ref"] = self.values["ref"], ben

    def _set_jo_aside(self) -> None:
        self._think_of_jo()
        self._press("commitments.set_aside")

    def _let_rest(self) -> None:
        self._know()
        self._press("contacts.archive")

    def _bring(self) -> None:
        with self.app.app_context():
            file, ada = b"Name,Company\r\nJo Tan,Tan Press\r\n", self.cast.person("Ada").id
            self.values["ref"] = imports.bring(ada, "people.csv", file, self.act.now)

    def _meet(self) -> None:
        ada, now = self.cast.person("Ada").id, self.act.now
        told = Told(people="Rosa Lind\nTom Berg", where_met="", met_on=now.date(), keep=False)
        with self.app.app_context():
            self.values["ref"] = meetings.begin(ada, told, now)

    def _write_after_meeting(self) -> None:
        self._meet()
        ada, ben, now = self.cast.person("Ada").id, self.act.stage.refs["Ben"], self.act.now
        with self.app.app_context():
            self.values["draft"] = mails.write(ada, self.values["ref"], ["1", "2"], [ben], None, now)

    def _keep_what_was_brought(self) -> None:
        self._bring()
        self._press("contact_imports.keep")

    def _sit_down(self) -> None:
        ada = self.cast.person("Ada").id
        with self.app.app_context():
            sittings.begin(ada, clock.now())
            self.form["began"] = str(sitting_page.read(ada, clock.now()).began)
        self.values["position"] = "1"

    def _park(self) -> None:
        ada = self.cast.person("Ada").id
        with self.app.app_context():
            with writing():
                ideas.park(ada, self.act.now, words="Ask at the museum.")
            [idea] = parked.all_of(ada)
        self.values["ref"] = idea.ref

    def _keep_in_the_record(self) -> None:
        said = {"contact_name": "Rosa Lind", "other_name": "Jo Tan", "made_on": self.form["made_on"]}
        self._as_ada().submit("/record/introductions", said)
        self.values["ref"] = self.act.refs()[0]

    def _make_for_ben_outside(self) -> None:
        self._as_ada().submit("/record/introductions", self.act.form("Ben"))
        [self.form["introduction"]] = self.act.refs()

    def _take_over(self) -> None:
        self._forget_ada()
        self.cast.client("Ben").submit(f"{self.act.url}/organising")

    def _ask_to_be_erased(self) -> None:
        self.browser.submit("/you/erasure")
        self.browser = self._as_ada()

    def _press(self, endpoint: str) -> None:
        self._as_ada().submit(self._url(endpoint), self.form)

    def _as_ada(self) -> Client:
        return self.cast.client("Ada")

    def _secrets(self) -> tuple[str, str]:
        with self.app.app_context():
            newest = db.session.scalar(select(func.max(SignInRequest.id)))
            made = sign_in.secrets_for(newest or 0, clock.now())
        return made or (new_token(), "AAAA-AAAA")
