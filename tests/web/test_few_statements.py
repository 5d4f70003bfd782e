"""Pages about whom to introduce ask the database as often for many people as for a few."""

import re

import pytest
from flask import Flask

from circle import clock
from circle.rules.matching import people
from circle.services.meeting import meetings
from circle.services.meeting.meetings import Told
from tests.acquaintances import know
from tests.cast import Cast
from tests.client import Client
from tests.statements import statements
from tests.web.acting import Acting

FEW, MANY = 3, 45
CIRCLE_PAGE = 15
MOST = 20
"""Of any page: the slowest here reads a promise with who fits, what is set aside, parked and made outside."""


@pytest.fixture
def act(cast: Cast) -> Acting:
    acting = Acting(cast)
    acting.browser("Ada").submit("/fifteen-minutes")
    return acting


def live(act: Acting, ada: Client, count: int) -> str:
    """Let Ada know, meet and introduce so many more people; return the public id of the meeting."""
    ada_id, now = act.cast.person("Ada").id, clock.now()
    names = [f"Person {at} of {count}" for at in range(count)]
    with act.app.app_context():
        know(
            ada_id, *(people.Contact(one, "", "Baker", "serves small shops, loves cycling") for one in names)
        )
        told = Told(
            people="\n".join(f"Met {one}" for one in names), where_met="", met_on=now.date(), keep=True
        )
        meeting = meetings.begin(ada_id, told, now)
    for one in names[:10]:
        ada.submit("/record/introductions", act.form("Ben", contact_name=one))
    return meeting


def asked(app: Flask, ada: Client, addresses: list[str]) -> dict[str, int]:
    """Return how many statements each page takes."""
    counts = {}
    for address in addresses:
        with app.app_context(), statements() as sent:
            assert ada.get(address).status_code == 200
        counts[address.partition("?")[0]] = len(sent)
    return counts


def test_no_page_takes_more_statements_for_many_than_for_few(act: Acting):
    ada = act.browser("Ada")
    meeting = live(act, ada, FEW)
    contact = re.findall(r'/people-i-know/(\w{12})"', ada.get("/people-i-know").text)[0]
    pages = [
        *("/people-i-know", "/people-i-know/imports/new", "/fifteen-minutes", "/meetings/new", "/record"),
        *("/record/introductions/new", act.url, f"/people-i-know/{contact}"),
        *(act.promise_url("Cy", what).rstrip("/") for what in ("", "draft", "asking")),
        f"{act.log_url()}/new?for={act.stage.refs['Cy']}",
    ]
    few, few_met = asked(act.app, ada, pages), asked(act.app, ada, [f"/meetings/{meeting}"])
    meeting = live(act, ada, MANY)
    assert asked(act.app, ada, pages) == few
    assert [*asked(act.app, ada, [f"/meetings/{meeting}"]).values()] == [*few_met.values()]
    assert max(*few.values(), *few_met.values()) <= MOST


def test_a_giver_with_ideas_to_choose_from_waits_for_few_statements(act: Acting):
    """What is mostly empty is asked about in passing: no statement of its own for parked ideas and mails."""
    ada = act.browser("Ada")
    live(act, ada, MANY)
    assert 'class="fit"' in ada.get(act.url).text
    assert [*asked(act.app, ada, [act.url]).values()] == [CIRCLE_PAGE]
