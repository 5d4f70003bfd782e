"""One's own pages: profile, letters, a change of address after a fresh code."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from circle import clock
from circle.extensions import db
from circle.models import Person, Session, SignInRequest
from circle.services.door import sign_in
from circle.services.work import writing

TOLD = {"name": "Ada Obi", "zone": "Europe/Berlin", "wish": "Partners who open an office"}
CHOSEN = {"hour": "7", "weekdays": ["0", "6"], "daily": "y", "recap": "y", "paused_until": ""}


@pytest.fixture
def ada(cast):
    return cast.client("Ada")


def person(app) -> Person:
    with app.app_context():
        return db.session.scalars(select(Person).where(Person.name != "").order_by(Person.id)).first()


def mailed(app) -> tuple[str, str]:
    with app.app_context():
        newest = db.session.scalar(select(func.max(SignInRequest.id)))
        made = sign_in.secrets_for(newest, clock.now())
    assert made is not None
    return made


def confirmed_long_ago(app) -> None:
    with app.app_context(), writing() as session:
        session.execute(update(Session).values(confirmed_at=clock.now() - timedelta(hours=1)))


def test_the_profile_is_shown_as_kept(ada):
    assert 'value="Ada Obi"' in ada.get("/you").text


def test_the_profile_is_saved(app, ada):
    ada.submit("/you", TOLD)
    assert (person(app).zone, person(app).wish) == ("Europe/Berlin", "Partners who open an office")


def test_a_profile_that_fails_keeps_what_was_typed(ada):
    answer = ada.submit("/you", {**TOLD, "name": "a" * 81})
    assert answer.status_code == 422
    assert "Partners who open an office" in answer.text
    assert 'id="name-error"' in answer.text


def test_a_zone_that_is_not_on_the_list_is_refused_beside_the_field(ada):
    answer = ada.submit("/you", {**TOLD, "zone": "Mars/Olympus"})
    assert answer.status_code == 422
    assert 'id="zone-error"' in answer.text


def test_an_empty_form_is_answered_in_words(ada):
    assert ada.submit("/you", {}).status_code == 422


def test_a_profile_is_written_as_text_not_as_markup(ada):
    ada.submit("/you", {**TOLD, "name": "<b>Ada</b>"})
    assert "<b>Ada</b>" not in ada.get("/you").text


def test_a_foreign_address_is_not_gone_on_to_after_saving(ada):
    assert ada.submit("/you", {**TOLD, "next": "//evil.example"}).location.endswith("/you")


def test_letter_settings_are_saved(app, ada):
    ada.submit("/you/letters", CHOSEN)
    kept = person(app)
    assert (kept.letter_hour, kept.letter_weekdays, kept.letters_off) == (
        7,
        "06",
        "all_done organising round_opened",
    )


def test_letter_settings_are_shown_as_kept(ada):
    ada.submit("/you/letters", CHOSEN)
    page = ada.get("/you/letters").text
    assert '<option selected value="7">07:00</option>' in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("hour", "24"),
        ("hour", "noon"),
        ("weekdays", []),
        ("weekdays", ["7"]),
        ("weekdays", ["²"]),
        ("paused_until", "soon"),
        ("paused_until", "1999-01-01"),
        ("paused_until", "9999-12-31"),
    ],
)
def test_letter_settings_that_fail_are_answered_beside_the_field(ada, field, value):
    answer = ada.submit("/you/letters", {**CHOSEN, field: value})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text


def test_the_address_is_changed_by_the_code_sent_to_the_new_one(app, ada):
    ada.submit("/you/address", {"email": "ada@new.example.org"})
    ada.submit("/you/address/code", {"code": mailed(app)[1]})
    assert person(app).email == "ada@new.example.org"


def test_the_address_is_changed_by_the_link_sent_to_the_new_one(app, ada):
    ada.submit("/you/address", {"email": "ada@new.example.org"})
    ada.submit(f"/you/address/{mailed(app)[0]}")
    assert person(app).email == "ada@new.example.org"


def test_looking_at_the_link_changes_no_address(app, ada):
    ada.submit("/you/address", {"email": "ada@new.example.org"})
    answer = ada.get(f"/you/address/{mailed(app)[0]}")
    assert (answer.status_code, person(app).email) == (200, "ada@example.org")


def test_somebody_elses_link_has_ended(app, cast, ada):
    ada.submit("/you/address", {"email": "ada@new.example.org"})
    assert cast.client("Ben").get(f"/you/address/{mailed(app)[0]}").status_code == 410


def test_somebody_elses_link_moves_nobody(app, cast, ada):
    ada.submit("/you/address", {"email": "ada@new.example.org"})
    cast.client("Ben").submit(f"/you/address/{mailed(app)[0]}")
    assert person(app).email == "ada@example.org"


def test_a_wrong_code_changes_no_address(ada):
    ada.submit("/you/address", {"email": "ada@new.example.org"})
    assert ada.submit("/you/address/code", {"code": "AAAA-AAAA"}).status_code == 422


def test_a_taken_address_gets_the_same_answer_as_a_free_one(cast, ada):
    cast.person("Ben")
    answers = [ada.submit("/you/address", {"email": f"{who}@example.org"}) for who in ("ben", "bo")]
    assert answers[0].location == answers[1].location


def test_a_taken_address_is_refused_once_it_answers(app, cast, ada):
    cast.person("Ben")
    ada.submit("/you/address", {"email": "ben@example.org"})
    answer = ada.submit("/you/address/code", {"code": mailed(app)[1]})
    assert (answer.status_code, "already signs in" in answer.text) == (422, True)


def test_a_change_of_address_asks_for_a_fresh_code_first(app, ada):
    confirmed_long_ago(app)
    assert "/you/confirmation" in ada.get("/you/address").location


def test_a_change_of_address_posted_late_asks_for_a_fresh_code_first(app, ada):
    confirmed_long_ago(app)
    answer = ada.submit("/you/address", {"email": "ada@new.example.org"})
    assert "/you/confirmation" in answer.location


def test_the_fresh_code_leads_on_to_the_change(app, ada):
    confirmed_long_ago(app)
    ada.submit("/you/confirmation", {"next": "/you/address"})
    answer = ada.submit("/sign-in/code", {"code": mailed(app)[1]}, follow_redirects=True)
    assert "Change your address" in answer.text


def test_confirming_keeps_one_session(app, ada):
    ada.submit("/you/confirmation", {"next": "/you/address"})
    ada.submit("/sign-in/code", {"code": mailed(app)[1]})
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Session)) == 1


@pytest.mark.parametrize(
    "path",
    ["/you", "/you/letters", "/you/address", "/you/address/code", "/you/confirmation", "/you/sessions"],
)
def test_every_page_about_oneself_shows_when_signed_in(ada, path):
    assert ada.get(path).status_code == 200
