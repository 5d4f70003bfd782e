"""Taking away: a circle as its organisers may see it, and everything of a person, with nothing forgotten."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Column, Select
from sqlalchemy.sql import visitors

from circle.extensions import db
from circle.formats.addresses import Address
from circle.formats.sheets import Sheet, sheets_json
from circle.models.base import Base
from circle.rules.limits import Limits
from circle.rules.states import CommitmentState, Outcome
from circle.services.giving import commitments, introductions, receiving
from circle.services.membership import invitations
from circle.services.post import nudges
from circle.services.taking import of_circle, of_person, own_account
from tests.cast import NOON, Cast
from tests.services.playing import Playing


@pytest.fixture
def play(cast: Cast, context) -> Playing:
    play = Playing(cast)
    play.open()
    return play


def taken(play: Playing) -> dict[str, Sheet]:
    db.session.rollback()
    return {sheet.name: sheet for sheet in of_circle.everything(play.stage.id, "Europe/London").sheets}


def own(play: Playing, first: str) -> dict[str, list[dict[str, object]]]:
    db.session.rollback()
    found = of_person.everything(play.id(first), "Europe/London")
    told: dict[str, list[dict[str, object]]] = json.loads(sheets_json(found.facts, found.sheets))
    return told


def objects(sheet: Sheet) -> list[dict[str, object]]:
    return [dict(zip(sheet.columns, row, strict=True)) for row in sheet.rows]


def test_an_organiser_takes_the_promises_by_state(play):
    play.log("Ben", "Cy")
    commitments.pass_on(play.id("Ben"), play.stage.id, 1, play.stage.refs["Dee"], "Nobody.", NOON)
    promises = {(one["giver"], one["receiver"]): one["state"] for one in objects(taken(play)["promises"])}
    assert len(promises) == 20
    assert promises["Ben Katz", "Cy Marsh"] is CommitmentState.INTRODUCED
    assert promises["Ben Katz", "Dee Patel"] is CommitmentState.PASSED
    assert promises["Cy Marsh", "Ben Katz"] is CommitmentState.OPEN


def test_an_organiser_takes_what_was_made_with_shared_thanks_alone(play):
    play.log("Ben", "Cy", "Dee")
    [for_cy, for_dee] = play.introductions()
    receiving.thank(play.id("Cy"), for_cy.public_id, "A find!", True, NOON)
    receiving.thank(play.id("Dee"), for_dee.public_id, "Between us.", False, NOON)
    receiving.answer(play.id("Dee"), for_dee.public_id, Outcome.NOT_A_FIT, NOON, note="Too far.")
    sheets = taken(play)
    made = objects(sheets["introductions"])
    assert [(one["giver"], one["receiver"], one["shared_thanks"]) for one in made] == [
        ("Ben Katz", "Cy Marsh", "A find!"),
        ("Ben Katz", "Dee Patel", ""),
    ]
    [round_] = objects(sheets["rounds"])
    counts = ("promises_introduced", "promises_open", "answered_not_a_fit")
    assert [round_[name] for name in counts] == [2, 18, 1]
    wire = sheets_json({}, sheets.values()).decode()
    assert not [secret for secret in ("Rosa", "Between us", "Too far", "made_on") if secret in wire]


def test_what_was_withdrawn_is_in_no_organisers_file(play):
    play.log("Ben", "Cy")
    introductions.withdraw(play.id("Ben"), play.introductions()[0].public_id, NOON)
    assert not taken(play)["introductions"].rows


def test_of_who_has_left_an_organiser_takes_the_name_alone(play):
    play.leave("Eve")
    members = {one["name"]: one for one in objects(taken(play)["members"])}
    assert members["Ben Katz"]["email"] == "ben@example.org"
    assert {members["Eve Ruiz"][each] for each in ("email", "does", "wish", "interests")} == {""}
    assert members["Eve Ruiz"]["left"] is not None


def test_nothing_of_another_circle_is_in_it(play, cast):
    other = cast.circle("Gil", organiser="Finn", name="Another Circle")
    wire = sheets_json({}, of_circle.everything(other.id, "UTC").sheets).decode()
    assert "Gil Haddad" in wire
    assert "Ben Katz" not in wire


def test_both_ends_take_an_introduction_and_nobody_else(play):
    play.log("Ben", "Cy")
    receiving.thank(play.id("Cy"), play.introductions()[0].public_id, "A find!", False, NOON)
    [given], [got] = own(play, "Ben")["introductions_by_me"], own(play, "Cy")["introductions_for_me"]
    assert {given["contact"], got["contact"]} == {"Rosa Lind"}
    assert {given["thanks"], got["thanks"]} == {"A find!"}
    assert "channel" not in got
    assert "Rosa" not in json.dumps(own(play, "Dee"))


def test_whom_somebody_asks_is_theirs_alone(play):
    commitments.ask(play.id("Ben"), play.stage.id, 1, play.stage.refs["Cy"], "Jo Tan", NOON)
    [asking] = [one for one in own(play, "Ben")["promises_by_me"] if one["state"] == "asking"]
    assert asking["contact"] == "Jo Tan"
    for_cy = own(play, "Cy")
    assert "Jo Tan" not in json.dumps(for_cy)
    assert [one["state"] for one in for_cy["promises_for_me"] if one["by_whom"] == "Ben Katz"] == ["asking"]


def test_a_receiver_takes_nothing_that_was_withdrawn(play):
    play.log("Ben", "Cy")
    introductions.withdraw(play.id("Ben"), play.introductions()[0].public_id, NOON)
    assert not own(play, "Cy")["introductions_for_me"]
    assert own(play, "Ben")["introductions_by_me"][0]["withdrawn"]


def test_who_left_still_takes_everything(play):
    play.log("Ben", "Cy")
    play.leave("Ben")
    told = own(play, "Ben")
    assert [one["contact"] for one in told["introductions_by_me"]] == ["Rosa Lind"]
    assert told["memberships"][0]["left"]


def test_somebody_takes_the_invitations_they_did_not_accept_and_what_a_nudge_said(play):
    asked = [Address("Cy", "CY@example.org")]
    other = play.cast.circle(organiser="Finn", name="Another Circle")
    invitations.invite(other.id, play.id("Finn"), asked, Limits(5, 6), NOON)
    nudges.nudge(play.stage.id, play.id("Ada"), [play.id("Cy")], "On Thursday?", NOON)
    told = own(play, "Cy")
    [invited] = told["invitations_for_me"]
    assert (invited["circle"], invited["accepted"]) == ("Another Circle", None)
    assert "On Thursday?" in {one["line_by_an_organiser"] for one in told["letters"]}
    assert not own(play, "Ben")["invitations_for_me"]


def test_a_record_is_one_sheet_newest_first(play):
    play.log("Ben", "Cy")
    play.log("Dee", "Ben", to="Idris Bello", made_on=NOON.date())
    sheet = of_person.record(play.id("Ben"), "Europe/London")
    assert [(one["made"], one["introduced"], one["to"]) for one in objects(sheet)] == [
        ("for you", "Ben Katz", "Idris Bello"),
        ("by you", "Cy Marsh", "Rosa Lind"),
    ]


LEFT_OUT = {
    "site": "is about the site",
    "never_again": "holds a hash alone, by which nobody is found",
    "rhythm": "is the circle's",
    "exception": "is the circle's",
    "mail_circle": "says of which circles a letter spoke; the letter is told",
    "contact_term": "is worked out anew from what people are known for",
}
NOT_TOLD = {
    "secrets": {
        "sid_hash",
        "binding_hash",
        "origin",
        "token_hash",
        "code_hash",
        "attempts",
        "claim",
        "next_url",
    },
    "ends of our own": {"calendar_ref", "link_epoch", "demo", "dedupe_key", "message_id", "try_at", "wire"},
    "forms of what is told": {"email_key", "name_key", "terms", "terms_version", "missing"},
    "moments of our own": {"away_turns_at", "next_reminder_at", "sharper_asked_at"},
}
OF_THE_CIRCLE = {"circle", "round"}


def test_no_column_about_somebody_is_forgotten():
    """What is new in the database is either taken away, or left out here for a reason."""
    told = {
        (column.table.name, column.name)
        for query in (own_account.PROFILE, *of_person.SHEETS.values())
        for column in _columns(query)
    }
    untold = set().union(*NOT_TOLD.values())
    forgotten = [
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        if table.name not in LEFT_OUT.keys() | OF_THE_CIRCLE
        for column in table.columns
        if not column.foreign_keys and column.name not in {"id", "public_id"} | untold
        if (table.name, column.name) not in told
    ]
    assert forgotten == []


def _columns(query: Select[Any]) -> Iterator[Column[Any]]:
    for told in query.selected_columns:
        for part in visitors.iterate(told):
            yield from (one for one in getattr(part, "base_columns", ()) if isinstance(one, Column))
