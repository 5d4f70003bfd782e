"""A change of address: a fresh code first, then the mail to the new one."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from circle.extensions import db
from circle.models import OutboxMail, Person, SignInRequest
from circle.rules.errors import AddressTaken, BadAddress, CodeRefused, StalePage
from circle.services.door import new_address, sessions, sign_in
from circle.services.work import end_reading
from tests.cast import NOON, Cast

SOON = NOON + timedelta(minutes=5)


@pytest.fixture
def viewer(cast: Cast, context: Flask):
    return viewer_of(cast.person("Ada"))


def viewer_of(actor):
    found = sessions.viewer(sign_in.start_session(actor.id, "", NOON), NOON)
    assert found is not None
    end_reading()
    return found


def ask(viewer, email="ada@new.example.org"):
    new_address.ask(viewer, email, origin="o", now=SOON)
    made = sign_in.secrets_for(db.session.scalar(select(func.max(SignInRequest.id))), SOON)
    assert made is not None
    return made


def email_of(viewer) -> str:
    return db.session.scalar(select(Person.email).where(Person.id == viewer.person_id))


def test_the_code_moves_the_person(viewer):
    _, code = ask(viewer)
    new_address.by_code(viewer, code, SOON)
    assert email_of(viewer) == "ada@new.example.org"


def test_the_link_moves_the_person(viewer):
    token, _ = ask(viewer)
    new_address.by_link(viewer, token, SOON)
    assert email_of(viewer) == "ada@new.example.org"


def test_nothing_moves_before_the_new_address_answers(viewer):
    ask(viewer)
    assert email_of(viewer) == "ada@example.org"


def test_the_mail_is_one_for_a_new_address(viewer):
    ask(viewer)
    assert db.session.scalars(select(OutboxMail.kind)).all() == ["new_address"]


def test_a_confirmation_older_than_a_quarter_of_an_hour_is_not_enough(viewer):
    with pytest.raises(StalePage):
        new_address.ask(viewer, "ada@new.example.org", origin="o", now=NOON + timedelta(minutes=16))


def test_the_own_address_is_refused(viewer):
    with pytest.raises(BadAddress):
        new_address.ask(viewer, "ADA@example.org", origin="o", now=SOON)


def test_a_taken_address_is_not_revealed_before_it_answers(cast, viewer):
    cast.person("Ben")
    assert ask(viewer, "ben@example.org")


def test_a_taken_address_is_refused_after_it_answers(cast, viewer):
    cast.person("Ben")
    _, code = ask(viewer, "ben@example.org")
    with pytest.raises(AddressTaken):
        new_address.by_code(viewer, code, SOON)


def test_nobody_else_can_use_the_link(cast, viewer):
    token, _ = ask(viewer)
    with pytest.raises(CodeRefused):
        new_address.by_link(viewer_of(cast.person("Finn")), token, SOON)


def test_the_link_signs_nobody_in(viewer):
    token, code = ask(viewer)
    with pytest.raises(CodeRefused):
        sign_in.by_link(token, "", SOON, code=code)


def test_a_sign_in_link_moves_nobody(viewer):
    sign_in.request("ada@new.example.org", binding="b", origin="o", next_url="", may_join=True, now=SOON)
    made = sign_in.secrets_for(db.session.scalar(select(func.max(SignInRequest.id))), SOON)
    assert made is not None
    with pytest.raises(CodeRefused):
        new_address.by_link(viewer, made[0], SOON)


def test_every_other_browser_is_signed_out(cast, viewer):
    viewer_of(cast.person("Ada"))
    _, code = ask(viewer)
    new_address.by_code(viewer, code, SOON)
    assert [row.session_id for row in sessions.listing(viewer.person_id, SOON)] == [viewer.session_id]


def test_links_in_letters_end(viewer):
    _, code = ask(viewer)
    new_address.by_code(viewer, code, SOON)
    assert db.session.scalar(select(Person.link_epoch)) == 1


def test_a_sign_in_mail_to_the_old_address_is_void(viewer):
    sign_in.request("ada@example.org", binding="b", origin="o", next_url="", may_join=True, now=SOON)
    old = sign_in.secrets_for(db.session.scalar(select(func.max(SignInRequest.id))), SOON)
    assert old is not None
    _, code = ask(viewer)
    new_address.by_code(viewer, code, SOON)
    with pytest.raises(CodeRefused):
        sign_in.by_link(old[0], "b", SOON)
