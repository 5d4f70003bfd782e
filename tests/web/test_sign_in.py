"""The door as a browser meets it: asking, the code, the link, going on, and leaving."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import func, select, text

from circle import clock
from circle.extensions import db
from circle.models import Session, SignInRequest
from circle.models.base import Base
from circle.services.door import proofs, sign_in
from circle.services.tokens import new_code, sign
from circle.services.work import writing

pytestmark = pytest.mark.both_databases


@pytest.fixture
def ada(cast):
    return cast.person("Ada")


def secrets_in(app) -> tuple[str, str] | None:
    with app.app_context():
        return sign_in.secrets_for(db.session.scalar(select(func.max(SignInRequest.id))), clock.now())


def ask(client, email="ada@example.org", next_url=""):
    return client.submit("/sign-in", {"email": email, "next": next_url})


def mailed(client, **asked) -> tuple[str, str]:
    ask(client, **asked)
    made = secrets_in(client.application)
    assert made is not None
    return made


def is_signed_in(client) -> bool:
    return client.get("/you").status_code == 200


def count(app, model) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model))


def everything(app) -> list[list[tuple]]:
    with app.app_context(), db.engine.connect() as connection:
        tables = Base.metadata.sorted_tables
        return [connection.execute(text(f'SELECT * FROM "{table.name}"')).all() for table in tables]  # noqa: S608 - our own table names


def test_the_code_signs_in(client, ada):
    _, code = mailed(client)
    client.submit("/sign-in/code", {"code": code})
    assert is_signed_in(client)


def test_the_link_signs_in_with_one_button(client, ada):
    token, _ = mailed(client)
    client.submit(f"/sign-in/{token}")
    assert is_signed_in(client)


def test_the_link_asks_another_browser_for_the_code(cast, client, ada):
    token, _ = mailed(client)
    assert 'name="code"' in cast.client().get(f"/sign-in/{token}").text


def test_the_link_shows_no_field_in_the_browser_that_asked(client, ada):
    token, _ = mailed(client)
    assert 'name="code"' not in client.get(f"/sign-in/{token}").text


def test_the_link_does_not_tell_another_browser_whose_it_is(cast, client, ada):
    token, _ = mailed(client)
    assert "ada@example.org" not in cast.client().get(f"/sign-in/{token}").text


def test_link_and_code_sign_another_browser_in(cast, client, ada):
    token, code = mailed(client)
    phone = cast.client()
    phone.submit(f"/sign-in/{token}", {"code": code})
    assert is_signed_in(phone)


def test_the_link_alone_does_not_sign_another_browser_in(cast, client, ada):
    token, _ = mailed(client)
    phone = cast.client()
    answer = phone.submit(f"/sign-in/{token}")
    assert (answer.status_code, is_signed_in(phone)) == (422, False)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_at_the_link_changes_nothing(app, client, ada, method):
    token, _ = mailed(client)
    before = everything(app)
    for _ in range(2):
        client.open(f"/sign-in/{token}", method=method)
        app.test_client().open(f"/sign-in/{token}", method=method)
    assert everything(app) == before


def test_a_used_link_says_so(client, ada):
    token, _ = mailed(client)
    client.submit(f"/sign-in/{token}")
    answer = client.get(f"/sign-in/{token}")
    assert (answer.status_code, "been used" in answer.text) == (410, True)


def test_a_second_press_of_the_button_says_that_it_was_used(client, ada):
    token, _ = mailed(client)
    client.submit(f"/sign-in/{token}")
    assert client.submit(f"/sign-in/{token}").status_code == 410


def test_an_invented_link_has_ended(client):
    assert client.get("/sign-in/invented").status_code == 410


def test_a_wrong_code_is_answered_beside_the_field(client, ada):
    mailed(client)
    answer = client.submit("/sign-in/code", {"code": new_code()})
    assert answer.status_code == 422
    assert 'id="code-error"' in answer.text


def test_too_many_wrong_codes_are_told_to_ask_anew(client, ada):
    mailed(client)
    for _ in range(proofs.ATTEMPTS):
        client.submit("/sign-in/code", {"code": new_code()})
    assert client.submit("/sign-in/code", {"code": new_code()}).status_code == 429


def test_a_code_without_asking_first_leads_to_the_address(client):
    assert client.submit("/sign-in/code", {"code": new_code()}).location.endswith("/sign-in")


def test_known_and_unknown_addresses_get_the_same_answer(cast, client, ada, app, monkeypatch):
    monkeypatch.setitem(app.config, "CIRCLE_START", "members")
    pages = [told(cast.client(), email) for email in ("ada@example.org", "bea@example.org")]
    assert pages[0] == pages[1]


def told(client, email: str) -> tuple[int, str]:
    answer = client.submit("/sign-in", {"email": email}, follow_redirects=True)
    without_token = re.sub(r'value="[^"]*"', "", answer.text)
    return answer.status_code, without_token.replace(email, "X")


def test_an_unknown_address_gets_no_mail_where_only_members_start(app, client, monkeypatch):
    monkeypatch.setitem(app.config, "CIRCLE_START", "members")
    ask(client, "new@example.org")
    assert secrets_in(app) is None


def test_an_unknown_address_gets_a_mail_where_anyone_may_start(app, client):
    ask(client, "new@example.org")
    assert secrets_in(app) is not None


def test_an_unknown_address_gets_a_mail_on_the_way_to_its_invitation(app, cast, client, monkeypatch):
    monkeypatch.setitem(app.config, "CIRCLE_START", "members")
    ask(client, "new@example.org", invitation(app, cast))
    assert secrets_in(app) is not None


def test_a_forged_invitation_lets_nobody_in(app, client, monkeypatch):
    monkeypatch.setitem(app.config, "CIRCLE_START", "members")
    ask(client, "new@example.org", f"/invitations/{sign('another key', 'invitation-link', 'abc')}")
    assert secrets_in(app) is None


def test_an_ended_invitation_lets_nobody_in(app, cast, client, monkeypatch):
    monkeypatch.setitem(app.config, "CIRCLE_START", "members")
    ask(client, "new@example.org", invitation(app, cast, days=-1))
    assert secrets_in(app) is None


def invitation(app, cast, days: int = 14) -> str:
    from circle.models import Invitation

    stage, now = cast.circle("Ben"), clock.now()
    until = now + timedelta(days=days)
    with app.app_context(), writing() as session:
        held = {"circle_id": stage.id, "inviter_id": cast.person("Ada").id}
        row = Invitation(**held, created_at=now, expires_at=until)
        session.add(row)
        session.flush()
        return f"/invitations/{sign(app.secret_key, 'invitation-link', row.public_id)}"


def test_after_sign_in_one_goes_on_to_the_page_wanted(client, ada):
    _, code = mailed(client, next_url="/you/letters")
    assert client.submit("/sign-in/code", {"code": code}).location.endswith("/you/letters")


def test_a_foreign_address_is_not_gone_on_to(client, ada):
    _, code = mailed(client, next_url="https://evil.example/")
    assert client.submit("/sign-in/code", {"code": code}).location.endswith("/circles")


def test_the_page_wanted_is_kept_through_the_form(client):
    page = client.get("/sign-in?next=/you/letters")
    assert 'value="/you/letters"' in page.text


def test_an_invited_persons_address_is_filled_in(client):
    assert 'value="new@example.org"' in client.get("/sign-in?email=new@example.org").text


def test_who_has_no_name_yet_is_asked_for_it_first(client):
    _, code = mailed(client, email="new@example.org", next_url="/you/letters")
    answer = client.submit("/sign-in/code", {"code": code})
    asked = urlsplit(answer.location)
    assert (asked.path, parse_qs(asked.query)) == ("/you", {"next": ["/you/letters"]})


def test_after_telling_ones_name_one_goes_on(client):
    _, code = mailed(client, email="new@example.org")
    client.submit("/sign-in/code", {"code": code})
    told = {"name": "Nia Bell", "zone": "Europe/Paris", "next": "/you/letters"}
    assert client.submit("/you", told).location.endswith("/you/letters")


def test_who_is_signed_in_already_goes_on(cast):
    assert cast.client("Ada").get("/sign-in?next=/you/letters").location.endswith("/you/letters")


def test_what_cannot_be_an_address_is_kept_with_words_beside_it(client):
    answer = client.submit("/sign-in", {"email": "ada at example"})
    assert answer.status_code == 422
    assert 'value="ada at example"' in answer.text
    assert 'id="email-error"' in answer.text


def test_asking_too_often_is_told_to_wait(client, ada):
    for _ in range(proofs.PER_ADDRESS):
        ask(client)
    assert ask(client).status_code == 429


def test_signing_in_leaves_nothing_of_the_former_cookie(client, ada):
    _, code = mailed(client)
    client.submit("/sign-in/code", {"code": code})
    with client.session_transaction() as cookie:
        assert "binding" not in cookie
        assert cookie.permanent


def test_signing_in_again_ends_the_former_session(app, client, ada, cast):
    cast.sign_in(client, ada)
    _, code = mailed(client)
    client.submit("/sign-in/code", {"code": code})
    assert count(app, Session) == 1


def test_signing_out_ends_the_session(app, cast):
    client = cast.client("Ada")
    client.submit("/sign-out")
    assert (count(app, Session), is_signed_in(client)) == (0, False)


def test_signing_out_twice_is_fine(client):
    assert client.submit("/sign-out").status_code == 303


def test_asking_writes_no_session(app, client, ada):
    ask(client)
    assert count(app, Session) == 0


def test_a_page_of_a_signed_in_person_is_kept_by_nobody(cast):
    assert cast.client("Ada").get("/you").headers["Cache-Control"] == "no-store"


def test_where_no_mail_is_sent_the_page_says_where_to_read_it(app, client, ada, monkeypatch):
    from circle.config import Settings

    monkeypatch.setattr(Settings, "sends_mail", False)
    ask(client)
    assert "/mailbox" in client.get("/sign-in/code").text
