"""Odd addresses: what nobody types by hand is not found, and never an error of ours."""

import pytest

from circle.factory import create_app
from circle.web.frame.links import invitation_link
from tests.web.acting import Acting

pytestmark = pytest.mark.both_databases


@pytest.mark.parametrize(
    "path",
    [
        "/circles/a%00b",
        "/introductions/a%00b",
        "/mailbox/99999999999999999999999",
        "/mailbox/99999999999999999999999/body",
        "/circles/x/rounds/99999999999999999999999",
    ],
)
def test_an_address_that_cannot_be_is_not_found(path, cast):
    assert cast.client("Ada").get(path).status_code == 404


def test_an_impossible_session_to_end_is_not_found(cast):
    assert cast.client("Ada").submit("/you/sessions/a%00b/ending").status_code == 404


def test_an_impossible_receiver_is_refused_in_words(cast):
    act = Acting(cast)
    form = act.form("Ben") | {"receiver_refs": "a\0b"}
    answer = act.browser("Ada").submit(act.log_url(), form)
    assert (answer.status_code, "Choose members of this round" in answer.text) == (422, True)


def test_a_link_to_copy_begins_as_the_operator_said_whatever_the_proxy_says(tmp_path):
    site = create_app(
        {"CIRCLE_MODE": "production", "BASE_URL": "https://circle.example.org", "SECRET_KEY": "k" * 40},
        tmp_path,
    )
    with site.test_request_context("/", base_url="http://circle.example.org"):
        assert invitation_link("ref").startswith("https://circle.example.org/invitations/")


def test_who_is_signed_out_meanwhile_gets_back_what_was_typed(cast, client):
    act = Acting(cast)
    answer = client.submit(act.log_url(), act.form("Ben", contact_name="Somebody rare"))
    assert (answer.status_code, "Somebody rare" in answer.text) == (401, True)


def test_a_form_that_another_site_wrote_does_not_come_back_with_our_token(cast):
    act = Acting(cast)
    answer = act.browser("Ada").post(
        act.log_url(), data={"contact_name": "Planted"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert (answer.status_code, "Planted" in answer.text) == (400, False)
