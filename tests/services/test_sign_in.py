"""One mail, two ways in: what is asked for, spent once, counted and refused."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from circle.extensions import db
from circle.models import OutboxMail, Person, Session, SignInRequest
from circle.rules.errors import BadAddress, CodeRefused, TooManyAttempts
from circle.services.door import proofs, sessions, sign_in
from circle.services.tokens import hashed, new_code
from circle.services.work import end_reading
from tests.cast import NOON, Cast
from tests.services.at_once import at_once

SOON = NOON + timedelta(minutes=1)


@dataclass(frozen=True)
class Mailed:
    """What the newest mail holds."""

    token: str
    code: str


def ask(email="ada@example.org", *, binding="here", may_join=False, origin="10.0.0.1", at=NOON, next_url=""):
    sign_in.request(email, binding=binding, origin=origin, next_url=next_url, may_join=may_join, now=at)
    return newest_id()


def newest_id() -> int:
    return db.session.scalar(select(func.max(SignInRequest.id)))


def mail(request_id: int, at=NOON) -> Mailed:
    made = sign_in.secrets_for(request_id, at)
    assert made is not None
    return Mailed(*made)


@pytest.fixture
def ada(cast: Cast, context: Flask):
    return cast.person("Ada")


def test_the_link_signs_in_the_browser_that_asked(ada):
    mailed = mail(ask(next_url="/circles"))
    signed = sign_in.by_link(mailed.token, "here", SOON)
    assert (signed.person_id, signed.named, signed.next_url) == (ada.id, True, "/circles")


def test_the_link_alone_lets_no_other_browser_in(ada):
    mailed = mail(ask())
    with pytest.raises(CodeRefused):
        sign_in.by_link(mailed.token, "elsewhere", SOON)


def test_the_link_with_its_code_lets_another_browser_in(ada):
    mailed = mail(ask())
    assert sign_in.by_link(mailed.token, "", SOON, code=mailed.code).person_id == ada.id


def test_the_code_signs_in_however_it_is_typed(ada):
    mailed = mail(ask())
    typed = f" {mailed.code.lower().replace('-', ' ').replace('0', 'o').replace('1', 'l')} "
    assert sign_in.by_code(typed, "here", SOON).person_id == ada.id


def test_the_code_alone_lets_no_other_browser_in(ada):
    mailed = mail(ask())
    with pytest.raises(CodeRefused):
        sign_in.by_code(mailed.code, "elsewhere", SOON)


def test_a_link_works_once(ada):
    mailed = mail(ask())
    sign_in.by_link(mailed.token, "here", SOON)
    with pytest.raises(CodeRefused):
        sign_in.by_link(mailed.token, "here", SOON)


def test_the_code_is_spent_with_the_link(ada):
    mailed = mail(ask())
    sign_in.by_link(mailed.token, "here", SOON)
    with pytest.raises(CodeRefused):
        sign_in.by_code(mailed.code, "here", SOON)


def test_a_link_works_for_ten_minutes(ada):
    mailed = mail(ask())
    with pytest.raises(CodeRefused):
        sign_in.by_link(mailed.token, "here", NOON + timedelta(minutes=10))


def test_a_second_try_at_sending_voids_the_first_link(ada):
    request_id = ask()
    first, second = mail(request_id), mail(request_id)
    with pytest.raises(CodeRefused):
        sign_in.by_link(first.token, "here", SOON)
    assert sign_in.by_link(second.token, "here", SOON).person_id == ada.id


def test_both_of_two_mails_asked_for_work(ada):
    mailed = mail(ask())
    mail(ask())
    assert sign_in.by_code(mailed.code, "here", SOON).person_id == ada.id


def test_nothing_secret_is_kept(ada):
    mailed = mail(ask(binding="a cookie"))
    row = db.session.get_one(SignInRequest, newest_id())
    kept = {str(getattr(row, column.name)) for column in SignInRequest.__table__.columns}
    assert not kept & {mailed.token, mailed.code, "a cookie", "10.0.0.1"}


def test_the_sixth_guess_is_refused_even_when_right(ada):
    mailed = mail(ask())
    for _ in range(proofs.ATTEMPTS):
        with pytest.raises(CodeRefused):
            sign_in.by_code(new_code(), "here", SOON)
    with pytest.raises(TooManyAttempts):
        sign_in.by_code(mailed.code, "here", SOON)


def test_guesses_at_the_link_page_count_as_well(ada):
    mailed = mail(ask())
    for _ in range(proofs.ATTEMPTS):
        with pytest.raises(CodeRefused):
            sign_in.by_link(mailed.token, "", SOON, code=new_code())
    with pytest.raises(TooManyAttempts):
        sign_in.by_link(mailed.token, "here", SOON)


def test_an_unknown_address_that_may_not_join_gets_no_mail(context):
    assert sign_in.secrets_for(ask("nobody@example.org"), NOON) is None


def test_an_unknown_address_that_may_join_becomes_a_person(context):
    mailed = mail(ask("new@example.org", may_join=True))
    signed = sign_in.by_link(mailed.token, "here", SOON)
    person = db.session.get_one(Person, signed.person_id)
    assert (person.email, person.name, signed.named) == ("new@example.org", "", False)


def test_a_known_and_an_unknown_address_cost_the_same_statements(ada):
    assert statements_of("ada@example.org") == statements_of("nobody@example.org")


def statements_of(email: str) -> list[str]:
    seen: list[str] = []

    def note(*arguments):
        seen.append(arguments[2])

    event.listen(db.engine, "before_cursor_execute", note)
    ask(email)
    event.remove(db.engine, "before_cursor_execute", note)
    return seen


def test_a_known_and_an_unknown_address_queue_the_same_mail(ada):
    ask("ada@example.org"), ask("nobody@example.org")
    rows = db.session.scalars(select(OutboxMail)).all()
    assert [(row.kind, row.person_id, row.state) for row in rows] == [("sign_in", None, "queued")] * 2


@pytest.mark.parametrize("email", ["ada@example.org", "nobody@example.org"])
def test_the_sixth_request_for_an_address_is_refused_known_or_not(ada, email):
    for number in range(proofs.PER_ADDRESS):
        ask(email, origin=f"10.0.0.{number}")
    with pytest.raises(TooManyAttempts):
        ask(email.upper(), origin="10.0.0.99")


def test_an_origin_may_ask_only_so_often(ada, monkeypatch):
    monkeypatch.setattr(proofs, "PER_ORIGIN", 2)
    ask("one@example.org"), ask("two@example.org")
    with pytest.raises(TooManyAttempts):
        ask("three@example.org")


def test_after_a_quarter_of_an_hour_one_may_ask_again(ada):
    for _ in range(proofs.PER_ADDRESS):
        ask()
    assert ask(at=NOON + proofs.WINDOW)


def test_what_cannot_be_an_address_is_refused_beside_its_field(context):
    with pytest.raises(BadAddress) as refused:
        sign_in.request("ada", binding="b", origin="o", next_url="", may_join=True, now=NOON)
    assert refused.value.field == "email"


def test_requests_of_yesterday_are_forgotten(ada):
    ask()
    ask(at=NOON + timedelta(days=2))
    assert db.session.scalar(select(func.count()).select_from(SignInRequest)) == 1


def test_the_former_session_of_the_browser_ends(cast, ada):
    former = cast.session(ada)
    mailed = mail(ask())
    signed = sign_in.by_link(mailed.token, "here", SOON, former=former)
    hashes = db.session.scalars(select(Session.sid_hash)).all()
    assert hashes == [hashed(signed.sid)]


def test_confirming_gives_a_session_that_counts_as_confirmed(cast, ada):
    sign_in.confirm(ada.id, binding="here", origin="o", next_url="/you/address", now=NOON)
    mailed = mail(newest_id())
    signed = sign_in.by_code(mailed.code, "here", SOON)
    viewer = sessions.viewer(signed.sid, SOON)
    assert viewer is not None
    assert sessions.recently_confirmed(viewer.confirmed_at, SOON + timedelta(minutes=15))


def test_the_operator_is_given_link_and_code(ada):
    token, code = sign_in.operator_secrets("Ada@example.org", NOON)
    assert sign_in.by_link(token, "", SOON, code=code).person_id == ada.id


def test_the_operator_is_told_when_nobody_has_the_address(context):
    with pytest.raises(BadAddress, match="flask circle start"):
        sign_in.operator_secrets("nobody@example.org", NOON)


def test_a_mailed_link_shows_itself_without_changing_anything(ada):
    mailed = mail(ask())
    opened = proofs.opened(mailed.token, "here", SOON)
    assert opened is not None
    assert (opened.live, opened.bound, opened.email) == (True, True, "ada@example.org")


def test_a_spent_link_says_that_it_was_used(ada):
    mailed = mail(ask())
    sign_in.by_link(mailed.token, "here", SOON)
    opened = proofs.opened(mailed.token, "here", SOON)
    assert opened is not None
    assert (opened.live, opened.used) == (False, True)


def test_of_four_presses_at_once_one_signs_in(app, ada):
    token = mail(ask()).token
    end_reading()
    outcomes = at_once(app, *[lambda: sign_in.by_link(token, "here", SOON)] * 4)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["CodeRefused"] * 3 + ["NoneType"]


def test_one_new_address_proved_in_two_browsers_at_once_is_one_person(app, context):
    tokens = [mail(ask("new@example.org", may_join=True)).token for _ in range(2)]
    end_reading()
    at_once(app, *[lambda token=token: sign_in.by_link(token, "here", SOON) for token in tokens])
    people_of_sessions = db.session.scalars(select(Session.person_id)).all()
    assert (len(people_of_sessions), len(set(people_of_sessions))) == (2, 1)
