"""Who is signed in where, for how long, and how it ends."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from circle.extensions import db
from circle.models import Person, Session
from circle.services.door import sessions, sign_in
from tests.cast import NOON, Cast


@pytest.fixture
def ada(cast: Cast, context: Flask):
    return cast.person("Ada")


def open_session(person, at=NOON, device="Firefox/140 Linux"):
    return sign_in.start_session(person.id, device, at)


def test_a_session_knows_its_person(ada):
    viewer = sessions.viewer(open_session(ada), NOON)
    assert viewer is not None
    assert (viewer.person_id, viewer.initials) == (ada.id, "AO")


def test_a_session_ends_after_90_days_without_use(ada):
    sid = open_session(ada)
    assert sessions.viewer(sid, NOON + timedelta(days=90)) is None


def test_a_session_in_use_lives_on(ada):
    sid = open_session(ada)
    viewer = sessions.viewer(sid, NOON)
    assert viewer is not None
    sessions.touch(viewer.session_id, NOON + timedelta(days=60))
    assert sessions.viewer(sid, NOON + timedelta(days=120))


def test_a_session_ends_after_a_year_however_much_it_is_used(ada):
    sid = open_session(ada)
    viewer = sessions.viewer(sid, NOON)
    assert viewer is not None
    sessions.touch(viewer.session_id, NOON + timedelta(days=364))
    assert sessions.viewer(sid, NOON + timedelta(days=365)) is None


def test_a_replayed_cookie_gets_nothing_after_sign_out(ada):
    sid = open_session(ada)
    sessions.sign_out(sid)
    assert sessions.viewer(sid, NOON) is None


def test_the_list_names_the_browsers(ada):
    open_session(ada)
    open_session(ada, NOON + timedelta(hours=1), "Version/18 iPhone Safari/604")
    listed = sessions.listing(ada.id, NOON + timedelta(hours=2))
    assert [row.device for row in listed] == ["Safari on iPhone", "Firefox on Linux"]


def test_one_session_is_ended_by_its_owner(ada):
    sid = open_session(ada)
    sessions.end(ada.id, sessions.listing(ada.id, NOON)[0].ref)
    assert sessions.viewer(sid, NOON) is None


def test_nobody_ends_somebody_elses_session(cast, ada):
    sid = open_session(ada)
    sessions.end(cast.person("Ben").id, sessions.listing(ada.id, NOON)[0].ref)
    assert sessions.viewer(sid, NOON)


def test_signing_out_everywhere_ends_every_session(ada):
    open_session(ada), open_session(ada)
    sessions.end_all(ada.id)
    assert sessions.listing(ada.id, NOON) == []


def test_signing_out_everywhere_ends_links_in_letters(ada):
    sessions.end_all(ada.id)
    assert db.session.scalar(select(Person.link_epoch).where(Person.id == ada.id)) == 1


def test_signing_out_everywhere_leaves_others_alone(cast, ada):
    sid = open_session(cast.person("Ben"))
    sessions.end_all(ada.id)
    assert sessions.viewer(sid, NOON)


def test_sessions_that_ran_out_are_forgotten_at_the_next_sign_in(ada):
    open_session(ada)
    open_session(ada, NOON + timedelta(days=91))
    assert len(db.session.scalars(select(Session.id)).all()) == 1


def test_only_the_hash_of_a_session_is_kept(ada):
    sid = open_session(ada)
    assert sid not in db.session.scalars(select(Session.sid_hash)).all()
