"""People the giver knows who fit: at most two under each receiver, in the giver's own letters alone."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from circle.extensions import db
from circle.formats.opened import OpenedMail
from circle.letters import organising
from circle.models import Round
from circle.rules.matching import people
from circle.rules.states import MailKind
from circle.services.post import daily, nudges
from tests import story
from tests.acquaintances import know
from tests.cast import Cast
from tests.letters.test_letters import check, opened
from tests.story import A_WEEK_BEFORE, Story

MEMBERS = ("Ben", "Cy", "Dee", "Eve")
LENA = people.Contact("Lena Voss", "Voss & Co", "Shop fitter", "fits out small shops, loves cycling")
KIT = people.Contact("Kit Lowe", line="dentist, cycles to work")
JO = people.Contact("Jo Tan", "Tan Bakery", "Head of operations")
NOTE = "Ben serves small shops, much like Lena (fits out small shops)."


def begun(app: Flask, cast: Cast, giver: str = "Ada", *, told: bool = True) -> Story:
    ida = people.Contact("Ida Holm", line="tests boats, loves sailing and singing in a choir")
    with app.app_context():
        know(cast.person(giver).id, LENA, KIT, JO, ida)
        db.session.rollback()
    return story.begin(cast, *MEMBERS, told=told)


def reminder(app: Flask, told: Story) -> OpenedMail:
    with app.app_context():
        assert daily.write_daily(told.id("Ada"), A_WEEK_BEFORE)
    [mail] = story.mails(app, MailKind.DAILY)
    return opened(app, mail.id, A_WEEK_BEFORE)


def test_a_reminder_names_people_the_giver_knows(app: Flask, cast: Cast):
    told = begun(app, cast)
    check(app, "daily_fitting", reminder(app, told), told)


def test_both_parts_of_a_letter_name_the_same(app: Flask, cast: Cast):
    mail = reminder(app, begun(app, cast))
    html = " ".join(re.sub("<[^>]+>", "", mail.html).split())
    for name in ("Jo Tan", "Lena Voss", "Ida Holm"):
        assert name in mail.text
        assert name in html
    assert "Kit Lowe" not in mail.text + html, "the third who fits Ben"


def test_who_has_somebody_in_mind_is_told_of_nobody_else(app: Flask, cast: Cast):
    told = begun(app, cast)
    told.ask("Ada", "Ben", "Rosa Lind")
    assert "Lena Voss" not in reminder(app, told).text


def test_who_was_introduced_often_lately_is_spared_in_letters(app: Flask, cast: Cast):
    told = begun(app, cast)
    told.log("Ada", "Cy", "Dee", contact="Lena Voss")
    assert "Lena Voss" not in reminder(app, told).text


def test_the_letter_that_opens_a_round_names_them_to_their_giver_alone(app: Flask, cast: Cast):
    told = begun(app, cast, told=False)
    texts = {
        mail.person_id: opened(app, mail.id, A_WEEK_BEFORE).text
        for mail in story.mails(app, MailKind.ROUND_OPENED)
    }
    assert NOTE in " ".join(texts.pop(told.id("Ada")).split())
    assert len(texts) == 4
    assert not any("Lena" in text for text in texts.values())


def test_a_nudge_names_them_and_its_preview_does_not(app: Flask, cast: Cast):
    told = begun(app, cast, giver="Cy")
    with app.app_context():
        nudges.nudge(told.stage.id, told.id("Ada"), [told.id("Cy")], "", A_WEEK_BEFORE)
        round_id = db.session.scalar(select(Round.id))
        previewed = organising.nudge_as_sent(told.id("Cy"), round_id, told.id("Ada"), "", A_WEEK_BEFORE)
        db.session.rollback()
    [mail] = story.mails(app, MailKind.NUDGE)
    assert NOTE in " ".join(opened(app, mail.id, A_WEEK_BEFORE).text.split())
    assert previewed
    assert "Ben Katz" in previewed.text
    assert "Lena" not in previewed.text + previewed.html


@pytest.mark.parametrize("act", ["draft", "introduction", "asking"])
def test_the_links_of_a_letter_offer_who_stands_in_it(app: Flask, cast: Cast, act: str):
    text = reminder(app, begun(app, cast)).text
    link = re.search(rf"(/promises/[\w.-]+/{act})\n", text)
    assert link
    page = cast.client().get(link[1]).text
    assert "Jo Tan" in page
    assert "Lena Voss" in page
    assert not any(other in page for other in ("Kit Lowe", "Ida Holm", "fits out small shops"))
