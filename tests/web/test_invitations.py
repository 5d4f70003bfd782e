"""Invitations in a browser: inviting, the page of the invited, and every way it ends."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from circle import clock
from circle.extensions import db
from circle.models import Invitation, Membership, NeverAgain, OutboxMail, SignInRequest
from circle.rules.limits import Limits
from circle.services.door import sign_in
from circle.services.membership import invitations
from circle.services.tokens import sign
from circle.services.work import end_reading, writing
from tests.cast import Cast, Stage
from tests.client import Client


def _invite(cast: Cast, stage: Stage, text: str = "new@example.org") -> None:
    answer = cast.client("Ada").submit(f"/circles/{stage.public_id}/invitations", {"addresses": text})
    assert answer.status_code == 303


def _invitation(app: Flask) -> Invitation:
    with app.app_context():
        newest = select(Invitation).order_by(Invitation.id.desc()).limit(1)
        return db.session.execute(newest).scalar_one()


def _by(carrier: str, app: Flask) -> str:
    return f"/invitations/{sign(str(app.secret_key), f'invitation-{carrier}', _invitation(app).public_id)}"


def _members(app: Flask, stage: Stage) -> int:
    with app.app_context():
        sitting = select(func.count()).select_from(Membership).where(Membership.left_at.is_(None))
        return db.session.scalar(sitting.where(Membership.circle_id == stage.id)) or 0


def _end(app: Flask, how: str) -> None:
    now = clock.now()
    values = {"expires_at": now - timedelta(minutes=1)} if how == "expires_at" else {how: now}
    with app.app_context(), writing() as session:
        session.execute(update(Invitation).values(values))


def test_several_addresses_can_be_pasted_at_once(app: Flask, cast: Cast):
    _invite(cast, cast.circle(), "Ben Katz <ben@example.org>; cy@example.org\ndee@example.org")
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(OutboxMail)) == 3


def test_what_was_refused_stays_in_the_box_with_its_reason(cast: Cast):
    stage = cast.circle("Ben")
    answer = cast.client("Ada").submit(
        f"/circles/{stage.public_id}/invitations", {"addresses": "ben@example.org, cy@example.org"}
    )
    assert answer.status_code == 422
    assert re.search(r"<textarea[^>]*>\s*ben@example.org</textarea>", answer.text)
    assert "Ben Katz is in the circle already." in answer.text


def test_what_was_sent_is_said_beside_what_was_refused(cast: Cast):
    stage = cast.circle("Ben")
    answer = cast.client("Ada").submit(
        f"/circles/{stage.public_id}/invitations", {"addresses": "ben@example.org, cy@example.org"}
    )
    assert "One invitation on the way: cy@example.org." in answer.text


def test_an_address_that_is_none_keeps_everything_typed_and_sends_nothing(app: Flask, cast: Cast):
    stage = cast.circle()
    answer = cast.client("Ada").submit(
        f"/circles/{stage.public_id}/invitations", {"addresses": "ben@example.org, not@an@address"}
    )
    assert answer.status_code == 422
    assert "ben@example.org, not@an@address" in answer.text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Invitation)) == 0


@pytest.mark.parametrize("text", ["", "   ", ",;\n"])
def test_an_empty_box_is_refused_in_words(text: str, cast: Cast):
    stage = cast.circle()
    answer = cast.client("Ada").submit(f"/circles/{stage.public_id}/invitations", {"addresses": text})
    assert answer.status_code == 422
    assert "at least one email address" in answer.text


def test_a_seventh_seat_is_refused_with_the_reason(cast: Cast):
    stage = cast.circle("Ben", "Cy", "Dee", "Eve", "Gil")
    answer = cast.client("Ada").submit(
        f"/circles/{stage.public_id}/invitations", {"addresses": "finn@example.org"}
    )
    assert answer.status_code == 422
    assert "All six seats are taken." in answer.text


def test_a_link_stands_on_the_page_to_be_copied(app: Flask, cast: Cast):
    stage, ada = cast.circle(), cast.client("Ada")
    ada.submit(f"/circles/{stage.public_id}/invitations/link", {"after": ""})
    assert _by("link", app) in ada.get(f"/circles/{stage.public_id}/organise").text


def test_a_link_is_drawn_as_a_qr_code(app: Flask, cast: Cast):
    stage, ada = cast.circle(), cast.client("Ada")
    ada.submit(f"/circles/{stage.public_id}/invitations/link")
    answer = ada.get(f"/circles/{stage.public_id}/invitations/{_invitation(app).public_id}/qr.svg")
    assert answer.mimetype == "image/svg+xml"


def test_a_qr_code_of_a_withdrawn_invitation_is_gone(app: Flask, cast: Cast):
    stage, ada = cast.circle(), cast.client("Ada")
    ada.submit(f"/circles/{stage.public_id}/invitations/link")
    url = f"/circles/{stage.public_id}/invitations/{_invitation(app).public_id}"
    ada.submit(f"{url}/withdrawal")
    assert ada.get(f"{url}/qr.svg").status_code == 410


def test_an_invitation_of_another_circle_is_not_found_here(app: Flask, cast: Cast):
    here, elsewhere = cast.circle(), cast.circle("Finn", organiser="Ben", name="Elsewhere")
    cast.client("Ben").submit(f"/circles/{elsewhere.public_id}/invitations/link")
    url = f"/circles/{here.public_id}/invitations/{_invitation(app).public_id}/withdrawal"
    assert cast.client("Ada").submit(url).status_code == 404


def test_sending_again_twice_says_what_to_do_instead(app: Flask, cast: Cast):
    stage, ada = cast.circle(), cast.client("Ada")
    _invite(cast, stage)
    url = f"/circles/{stage.public_id}/invitations/{_invitation(app).public_id}/resending"
    ada.submit(url)
    with app.app_context(), writing() as session:
        session.execute(update(Invitation).values(resent_at=clock.now() - timedelta(hours=1)))
    answer = ada.submit(url)
    assert answer.status_code == 409
    assert "Copy its link" in answer.text


def test_the_invited_reads_who_asks_and_who_is_there(app: Flask, cast: Cast, client: Client):
    _invite(cast, cast.circle("Ben"))
    text = client.get(_by("mail", app)).text
    assert "<bdi>Ada Obi</bdi> invites you to <bdi>Harbour Circle</bdi>" in text
    assert "<bdi>Ada</bdi>, <bdi>Ben</bdi>" in text


def test_looking_at_an_invitation_changes_nothing(app: Flask, cast: Cast, client: Client):
    stage = cast.circle()
    _invite(cast, stage)
    client.get(_by("mail", app))
    client.head(_by("mail", app))
    assert (_members(app, stage), _invitation(app).accepted_at) == (1, None)


def test_a_new_address_joins_with_one_button(app: Flask, cast: Cast, client: Client):
    stage = cast.circle()
    _invite(cast, stage)
    client.submit(f"{_by('mail', app)}/acceptance", {"name": "New Person", "zone": "Europe/Paris"})
    assert client.get(f"/circles/{stage.public_id}/leaving").status_code == 200


def test_who_joins_without_a_name_is_asked_for_it_next(app: Flask, cast: Cast, client: Client):
    _invite(cast, cast.circle())
    answer = client.submit(f"{_by('mail', app)}/acceptance")
    assert "/you" in answer.location


def test_a_name_that_cannot_be_shown_is_refused_beside_its_field(app: Flask, cast: Cast, client: Client):
    stage = cast.circle()
    _invite(cast, stage)
    answer = client.submit(f"{_by('mail', app)}/acceptance", {"name": "x" * 81})
    assert answer.status_code == 422
    assert 'id="name-error"' in answer.text
    assert _members(app, stage) == 1


def test_a_copied_link_asks_to_sign_in_first(app: Flask, cast: Cast, client: Client):
    stage = cast.circle()
    _invite(cast, stage)
    answer = client.submit(f"{_by('link', app)}/acceptance", {"name": "Somebody"})
    assert answer.status_code == 303
    assert "/sign-in?" in answer.location
    assert _members(app, stage) == 1


def test_the_mail_of_a_known_address_asks_to_sign_in_first(app: Flask, cast: Cast, client: Client):
    stage = cast.circle()
    cast.person("Finn")
    _invite(cast, stage, "finn@example.org")
    answer = client.submit(f"{_by('mail', app)}/acceptance")
    assert "/sign-in?" in answer.location
    assert _members(app, stage) == 1


def test_a_copied_link_does_not_tell_the_address_it_was_made_for(app: Flask, cast: Cast, client: Client):
    _invite(cast, cast.circle())
    assert "new@example.org" not in client.get(_by("link", app)).text


def test_it_may_be_accepted_under_another_address(app: Flask, cast: Cast):
    stage = cast.circle()
    _invite(cast, stage)
    cast.client("Finn").submit(f"{_by('mail', app)}/acceptance")
    text = cast.client("Ada").get(f"/circles/{stage.public_id}/organise").text
    assert re.search(r"Accepted \d+ \w+ by Finn Stone, as finn@example.org", text)


def test_accepting_twice_leads_to_the_circle_both_times(app: Flask, cast: Cast):
    stage, finn = cast.circle(), cast.client("Finn")
    _invite(cast, stage, "finn@example.org")
    url = f"{_by('mail', app)}/acceptance"
    answers = [finn.submit(url), finn.submit(url)]
    assert [answer.location for answer in answers] == [answers[0].location] * 2
    assert _members(app, stage) == 2


def test_a_member_who_opens_an_invitation_is_led_to_the_circle(app: Flask, cast: Cast):
    stage = cast.circle("Ben")
    _invite(cast, stage)
    assert "already" in cast.client("Ben").get(_by("mail", app)).text


@pytest.mark.parametrize(
    ("how", "title"),
    [
        ("accepted_at", "This invitation has been used"),
        ("withdrawn_at", "This invitation was withdrawn"),
        ("declined_at", "This invitation was declined"),
        ("expires_at", "This invitation has run out"),
    ],
)
@pytest.mark.parametrize("carrier", ["mail", "link"])
def test_an_invitation_that_has_ended_says_how(how: str, title: str, carrier: str, app: Flask, cast: Cast):
    _invite(cast, cast.circle())
    _end(app, how)
    answer = cast.client().get(_by(carrier, app))
    assert answer.status_code == 410
    assert title in answer.text


@pytest.mark.parametrize("how", ["accepted_at", "withdrawn_at", "declined_at", "expires_at"])
@pytest.mark.parametrize("who", [None, "Finn"])
def test_an_invitation_that_has_ended_lets_nobody_in(how: str, who: str | None, app: Flask, cast: Cast):
    stage = cast.circle()
    _invite(cast, stage)
    _end(app, how)
    assert cast.client(who).submit(f"{_by('mail', app)}/acceptance").status_code == 410
    assert _members(app, stage) == 1


def test_a_forged_link_is_not_found(cast: Cast, client: Client):
    assert client.get("/invitations/WyJhYmMiXQ.forged").status_code == 404


def test_a_link_signed_for_something_else_is_not_found(app: Flask, cast: Cast, client: Client):
    _invite(cast, cast.circle())
    token = sign(str(app.secret_key), "letters", _invitation(app).public_id)
    assert client.get(f"/invitations/{token}").status_code == 404


def test_declining_is_thanked_for(app: Flask, cast: Cast, client: Client):
    _invite(cast, cast.circle())
    answer = client.submit(f"{_by('mail', app)}/refusal")
    assert "Thank you for saying so" in answer.text


def test_who_never_wants_to_be_asked_again_is_not(app: Flask, cast: Cast, client: Client):
    stage = cast.circle()
    _invite(cast, stage)
    client.submit(f"{_by('mail', app)}/refusal", {"never_again": "y"})
    answer = cast.client("Ada").submit(
        f"/circles/{stage.public_id}/invitations", {"addresses": "new@example.org"}
    )
    assert "asked not to be invited again" in answer.text


def test_only_the_invited_address_can_say_never_again(app: Flask, cast: Cast, client: Client):
    stage = cast.circle()
    _invite(cast, stage)
    client.submit(f"{_by('link', app)}/refusal", {"never_again": "y"})
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(NeverAgain)) == 0


def test_a_full_circle_says_so_to_the_invited(app: Flask, cast: Cast):
    stage, ada, now = cast.circle("Ben", "Cy", "Dee", "Eve", "Gil"), cast.person("Ada"), clock.now()
    with app.app_context():
        invitations.invite_by_link(stage.id, ada.id, Limits(5, 7), now)
    answer = cast.client("Finn").submit(f"{_by('link', app)}/acceptance")
    assert answer.status_code == 409
    assert "All six seats are taken." in answer.text


def test_who_signs_in_for_a_copied_link_comes_back_and_joins(app: Flask, cast: Cast, client: Client):
    stage = cast.circle()
    cast.client("Ada").submit(f"/circles/{stage.public_id}/invitations/link")
    url = _by("link", app)
    client.submit("/sign-in", {"email": "somebody@example.org", "next": url})
    with app.app_context():
        request_id = db.session.scalar(select(SignInRequest.id)) or 0
        end_reading()
        _, code = sign_in.secrets_for(request_id, clock.now()) or ("", "")
    client.submit("/sign-in/code", {"code": code})
    client.submit(f"{url}/acceptance")
    assert _members(app, stage) == 2
