"""Terms: what the texts about contacts speak of is kept beside them, and read anew under new rules."""

from collections.abc import Mapping

import pytest
from flask import Flask
from sqlalchemy import Connection, event, select, update

from circle import worker
from circle.extensions import db
from circle.models import Contact, ContactTerm
from circle.models.base import as_row
from circle.rules.matching import people
from circle.rules.matching.kept import VERSION, kept_terms
from circle.rules.matching.members import read_member
from circle.rules.matching.people import Member
from circle.rules.matching.suggestions import asked
from circle.services.knowing import contacts, terms
from circle.services.post import plans
from circle.services.work import writing
from tests.acquaintances import know, put_down
from tests.cast import NOON, Cast
from tests.services.at_once import at_once
from tests.statements import statements

LENA = people.Contact("Lena Voss", "Voss & Co", "Interior designer", "rooms for small hotels, loves sailing")


def kept(contact_id: int) -> tuple[str, str, str]:
    db.session.rollback()
    row = select(Contact.terms, Contact.terms_version, Contact.missing).where(Contact.id == contact_id)
    return tuple(db.session.execute(row).one())


def found_under(contact_id: int) -> set[str]:
    return set(db.session.scalars(select(ContactTerm.key).where(ContactTerm.contact_id == contact_id)))


def version(value: str) -> None:
    """Let all contacts have been read by other rules."""
    with writing() as session:
        session.execute(update(as_row(Contact)).values(terms="old", terms_version=value))


def test_terms_are_what_the_rules_read(context: Flask, cast: Cast):
    (lena,) = know(cast.person("Ada").id, LENA)
    assert kept(lena) == (kept_terms(LENA), VERSION, "")
    assert {"s=hotels", "l<sail"} <= found_under(lena)


def test_terms_are_read_anew_when_a_text_changes(context: Flask, cast: Cast):
    (lena,) = know(cast.person("Ada").id, LENA)
    with writing() as session:
        session.get_one(Contact, lena).line = "loves chess"
        terms.remember([lena])
    assert "l<chess" in found_under(lena)
    assert "l<sail" not in found_under(lena)


def test_what_would_help_most_to_know_is_kept(context: Flask, cast: Cast):
    ada = cast.person("Ada").id
    ids = know(ada, people.Contact("Ned"), people.Contact("Ida", "", "Dentist"))
    assert [kept(each)[2] for each in ids] == ["DOES", "SERVES"]


def test_a_word_longer_than_the_column_is_found_all_the_same(context: Flask, cast: Cast):
    word = "donaudampfschifffahrtsgesellschaft" * 3
    (lena,) = know(cast.person("Ada").id, people.Contact("Lena Voss", line=f"{word} for {word}s"))
    assert all(len(key) <= 60 for key in found_under(lena))
    member = Member("Ben Katz", does=word)
    assert set(asked(read_member(member))) & found_under(lena)


def test_somebody_kept_while_logging_is_read_at_once(context: Flask, cast: Cast):
    ada = cast.person("Ada").id
    with writing():
        lena = contacts.keep(ada, "Lena Voss", NOON)
    assert kept(lena) == (kept_terms(people.Contact("Lena Voss")), VERSION, "DOES")
    assert found_under(lena) == set()


def test_a_name_alone_is_found_under_nothing():
    assert terms.columns(people.Contact("Baker Sailor, Hotel Manager"))["terms"] == VERSION


def test_somebody_kept_again_while_logging_stays_as_read(context: Flask, cast: Cast):
    ada = cast.person("Ada").id
    (lena,) = know(ada, LENA)
    with writing():
        assert contacts.keep(ada, "Lena Voss", NOON) == lena
    assert kept(lena)[0] == kept_terms(LENA)


def test_hundreds_are_read_in_few_statements(context: Flask, cast: Cast):
    ada = cast.person("Ada").id
    with writing():
        ids = put_down(ada, [people.Contact(f"Contact {one}", "", "Baker") for one in range(1200)])
        with statements() as sent:
            terms.remember(ids)
    assert len(sent) <= 4 * 3 * 2


@pytest.mark.parametrize("old", ["", "0", "9"])
def test_a_pass_reads_anew_what_other_rules_have_read(context: Flask, cast: Cast, old: str):
    (lena,) = know(cast.person("Ada").id, LENA)
    version(old)
    assert "Read one contact anew." in worker.tick(NOON)
    assert kept(lena)[:2] == (kept_terms(LENA), VERSION)
    assert worker.tick(NOON) == []


def test_a_pass_reads_a_thousand_and_leaves_the_rest_to_the_next(context: Flask, cast: Cast):
    ada = cast.person("Ada").id
    with writing():
        put_down(ada, [people.Contact(f"Contact {one}") for one in range(1100)])
    assert worker.tick(NOON) == ["Read 1000 contacts anew."]
    assert worker.tick(NOON) == ["Read 100 contacts anew."]
    assert worker.tick(NOON) == []


def test_several_workers_read_anew_beside_each_other(context: Flask, cast: Cast):
    ada = cast.person("Ada").id
    with writing():
        ids = put_down(ada, [people.Contact(f"Contact {one}", "", "Baker") for one in range(450)])
    db.session.rollback()
    assert at_once(cast.app, *[terms.renew] * 4) == [None] * 4
    while terms.renew():
        pass
    assert {kept(one)[1] for one in (ids[0], ids[-1])} == {VERSION}
    assert not terms.contacts_to_renew()


def test_what_is_changed_while_it_is_read_anew_stays_as_changed(context: Flask, cast: Cast):
    (lena,) = know(cast.person("Ada").id, LENA)
    version("0")

    changing = [update(as_row(Contact)).values(line="loves chess")]

    def change(_: Connection, options: Mapping[str, object]) -> None:
        # All has been read when the writing begins.
        if changing and options.get("writes"):
            statement = changing.pop()
            with db.engine.connect().execution_options(writes=True) as other:
                other.execute(statement)
                other.commit()

    event.listen(db.engine, "set_connection_execution_options", change)
    assert terms.renew() == 0
    event.remove(db.engine, "set_connection_execution_options", change)
    assert kept(lena)[0] == "old"
    assert terms.renew() == 1
    assert "l<chess" in found_under(lena)


def test_nothing_to_read_anew_costs_one_statement(context: Flask, cast: Cast):
    know(cast.person("Ada").id, LENA)
    with statements() as sent:
        assert terms.renew() == 0
    assert len(sent) == 1


def test_what_is_due_is_found_in_an_index(context: Flask, cast: Cast):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL plans by the size of the table")
    with statements() as sent:
        terms.contacts_to_renew()
    with db.engine.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sent[0]}", ("1", "1", 1, 0)).all()
    assert all("ix_contact_terms_version" in row[3] for row in plan if "SCAN" in row[3] or "SEARCH" in row[3])


def test_a_rehearsed_pass_says_that_contacts_would_be_read(context: Flask, cast: Cast):
    (lena,) = know(cast.person("Ada").id, LENA)
    assert plans.of_a_pass(NOON) == []
    version("0")
    assert plans.of_a_pass(NOON) == ["Would read contacts anew that other rules have read."]
    assert kept(lena)[1] == "0"
