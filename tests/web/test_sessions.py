"""The page of sessions, ending them, and the one thing a GET may write."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from circle import clock
from circle.extensions import db
from circle.models import Session
from circle.services.door import sign_in
from circle.services.work import writing


@pytest.fixture
def ada(cast):
    return cast.client("Ada")


def rows(app) -> list[Session]:
    with app.app_context():
        return list(db.session.scalars(select(Session).order_by(Session.id)))


def used(app, ago: timedelta) -> None:
    with app.app_context(), writing() as session:
        session.execute(update(Session).values(used_at=clock.now() - ago))


def test_the_page_lists_every_browser(app, cast, ada):
    with app.app_context():
        sign_in.start_session(cast.person("Ada").id, "Version/18 iPhone Safari/604", clock.now())
    page = ada.get("/you/sessions").text
    assert "Safari on iPhone" in page
    assert "(this one)" in page


def test_another_browser_is_signed_out_there(app, cast, ada):
    phone = cast.client("Ada")
    ada.submit(f"/you/sessions/{rows(app)[1].public_id}/ending")
    assert phone.get("/you").status_code == 302


def test_somebody_elses_session_is_left_alone(app, cast, ada):
    ben = cast.client("Ben")
    ada.submit(f"/you/sessions/{rows(app)[1].public_id}/ending")
    assert ben.get("/you").status_code == 200


def test_signing_out_everywhere_ends_this_browser_too(app, cast, ada):
    cast.client("Ada")
    ada.submit("/you/sessions/ending")
    assert rows(app) == []


def test_the_last_use_is_remembered_after_a_day(app, ada):
    used(app, timedelta(days=2))
    ada.get("/you/sessions")
    assert clock.now() - rows(app)[0].used_at < timedelta(minutes=1)


def test_the_last_use_is_not_written_again_on_the_same_day(app, ada):
    used(app, timedelta(hours=23))
    before = rows(app)[0].used_at
    ada.get("/you/sessions")
    assert rows(app)[0].used_at == before
