"""Files of people: held until looked at, kept and undone whole in few statements, forgotten after a day."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from circle import worker
from circle.extensions import db
from circle.formats.people.columns import Column, Mapping
from circle.formats.people.person import PersonKnown
from circle.models import Contact, ContactImport, ContactTerm, Idea
from circle.rules.errors import CannotReadFile, ListIsFull, OtherColumns, StalePage
from circle.rules.states import Synergy
from circle.services.giving import drafts
from circle.services.knowing import contacts, import_page, imports, keeping, list_page, undoing
from circle.services.work import writing
from tests.cast import NOON
from tests.services.playing import Playing
from tests.snapshot import rows
from tests.statements import statements

FILE = b"Name,Company,Email\r\nRosa Lind,Lind Cold Storage,rosa@lind.example\r\nJo Tan,Tan Press,\r\n"


@pytest.fixture
def ada(context, cast) -> int:
    return cast.person("Ada").id


def bring(ada: int, file: bytes = FILE, name: str = "people.csv") -> str:
    return imports.bring(ada, name, file, NOON)


def names(ada: int) -> list[str]:
    db.session.rollback()
    return [one.name for one in list_page.everybody_known(ada)]


def many(count: int, of: str = "Person") -> bytes:
    lines = [f"{of} {at},Firm {at},{of.lower()}{at}@x.example" for at in range(count)]
    return "\r\n".join(["Name,Company,Email", *lines]).encode()


def test_a_file_that_was_brought_puts_nobody_on_the_list(ada):
    ref = bring(ada)
    assert names(ada) == []
    seen = import_page.preview(ada, ref)
    assert seen
    assert (seen.count, [one.name for one in seen.samples]) == (2, ["Rosa Lind", "Jo Tan"])


def test_keeping_puts_everybody_on_the_list_and_lets_go_of_the_file(ada):
    ref = bring(ada)
    assert imports.keep(ada, ref, NOON) == 2
    assert list_page.everybody_known(ada) == [
        PersonKnown("Jo Tan", "Tan Press"),
        PersonKnown("Rosa Lind", "Lind Cold Storage", email="rosa@lind.example"),
    ]
    held = db.session.execute(select(ContactImport)).scalar_one()
    assert (held.file, held.people, held.kept_at) == (None, 2, NOON)


def test_keeping_again_changes_nothing(ada, app):
    ref = bring(ada)
    imports.keep(ada, ref, NOON)
    before = rows(app)
    assert imports.keep(ada, ref, NOON) == 2
    assert rows(app) == before


def test_the_same_file_brought_again_is_the_same_one(ada):
    assert bring(ada) == bring(ada)


def test_another_file_takes_the_place_of_the_one_that_waited(ada):
    first, second = bring(ada), bring(ada, b"Name\r\nKit\r\n")
    assert import_page.preview(ada, first) is None
    assert import_page.waiting(ada) == second
    assert db.session.scalar(select(func.count(ContactImport.id))) == 1


def test_a_file_that_cannot_be_read_is_not_held(ada, app):
    before = rows(app)
    with pytest.raises(CannotReadFile) as refused:
        bring(ada, b"%PDF-1.7")
    assert refused.value.field == "file"
    assert rows(app) == before


def test_what_was_pasted_is_refused_beside_its_own_field(ada):
    with pytest.raises(CannotReadFile) as refused:
        bring(ada, b"<html>", name="")
    assert refused.value.field == "pasted"


def test_the_columns_may_be_taken_in_another_way(ada):
    ref = bring(ada)
    imports.take_columns(ada, ref, Mapping((Column.NAME, Column.POSITION, None)))
    imports.keep(ada, ref, NOON)
    assert PersonKnown("Rosa Lind", position="Lind Cold Storage") in list_page.everybody_known(ada)


def test_columns_taken_in_another_way_than_was_looked_at_are_not_kept(ada):
    ref = bring(ada)
    looked_at = Mapping((Column.NAME, Column.ORGANISATION, Column.EMAIL))
    imports.take_columns(ada, ref, Mapping((Column.NAME, None, None)))
    with pytest.raises(OtherColumns):
        imports.keep(ada, ref, NOON, looked_at)
    assert names(ada) == []


def test_who_came_onto_the_list_meanwhile_is_left_as_they_are(ada):
    ref = bring(ada)
    keeping.add(ada, PersonKnown("rosa lind", "Elsewhere"), NOON)
    assert imports.keep(ada, ref, NOON) == 1
    assert PersonKnown("rosa lind", "Elsewhere") in list_page.everybody_known(ada)


def test_a_file_with_nobody_new_is_not_kept(ada):
    imports.keep(ada, bring(ada), NOON)
    ref = bring(ada)
    with pytest.raises(StalePage, match="nobody new"):
        imports.keep(ada, ref, NOON)


def test_what_does_not_fit_on_the_list_is_not_kept_by_half(ada, app):
    imports.keep(ada, bring(ada, many(4_990)), NOON)
    ref = bring(ada, many(11, of="Other"))
    seen = import_page.preview(ada, ref)
    assert seen
    assert "There is room for 10 more, and here are 11." in seen.too_many
    before = rows(app)
    with pytest.raises(ListIsFull):
        imports.keep(ada, ref, NOON)
    assert rows(app) == before
    imports.keep(ada, bring(ada, many(10, of="Other")), NOON)
    assert len(names(ada)) == contacts.MOST


def test_five_thousand_are_kept_in_as_many_statements_as_a_hundred(ada):
    counts = []
    for count in (100, 4_900):
        ref = bring(ada, many(count, of=f"P{count}"))
        db.session.rollback()
        with statements() as sent:
            assert imports.keep(ada, ref, NOON) == count
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 12


def test_a_short_import_is_read_for_what_it_speaks_of_at_once(ada):
    imports.keep(ada, bring(ada, b"Name,Position\r\nRosa Lind,Accountant\r\n"), NOON)
    assert db.session.scalar(select(func.count()).select_from(ContactTerm))


def test_a_long_import_is_read_by_the_worker(ada):
    lines = [f"Person {at},Accountant" for at in range(60)]
    imports.keep(ada, bring(ada, "\n".join(["Name,Position", *lines]).encode()), NOON)
    assert not db.session.scalar(select(func.count()).select_from(ContactTerm))
    worker.tick(NOON)
    assert db.session.scalar(select(func.count(func.distinct(ContactTerm.contact_id)))) == 60


def test_nobody_sees_or_keeps_what_another_brought(ada, cast):
    ben, ref = cast.person("Ben").id, bring(ada)
    assert import_page.preview(ben, ref) is None
    for act in (
        lambda: imports.keep(ben, ref, NOON),
        lambda: imports.take_columns(ben, ref, Mapping((None,))),
        lambda: undoing.undo(ben, ref),
    ):
        with pytest.raises(StalePage):
            act()
    imports.give_up(ben, ref)
    assert import_page.preview(ada, ref)


def test_what_is_given_up_is_gone(ada):
    ref = bring(ada)
    imports.give_up(ada, ref)
    assert db.session.scalar(select(func.count(ContactImport.id))) == 0


def test_giving_up_what_was_kept_changes_nothing(ada):
    ref = bring(ada)
    imports.keep(ada, ref, NOON)
    imports.give_up(ada, ref)
    assert (len(names(ada)), len(import_page.kept(ada))) == (2, 1)


def test_a_file_nobody_looked_at_is_forgotten_after_a_day(ada):
    ref = bring(ada)
    worker.tick(NOON + timedelta(hours=23))
    assert import_page.preview(ada, ref)
    worker.tick(NOON + timedelta(hours=25))
    assert import_page.preview(ada, ref) is None


def test_an_import_that_was_kept_is_not_forgotten(ada):
    imports.keep(ada, bring(ada), NOON)
    worker.tick(NOON + timedelta(days=400))
    assert len(import_page.kept(ada)) == 1


def test_undoing_takes_everybody_off_again(ada):
    keeping.add(ada, PersonKnown("Kit Hollis"), NOON)
    ref = bring(ada)
    imports.keep(ada, ref, NOON)
    done = undoing.undo(ada, ref)
    assert (done.leaving, done.staying) == (2, ())
    assert names(ada) == ["Kit Hollis"]
    assert import_page.kept(ada) == ()


def test_who_stands_somewhere_stays_and_it_is_said_why(context, cast):
    play = Playing(cast)
    play.open()
    ada = play.id("Ada")
    file = b"Name\r\nRosa Lind\r\nJo Tan\r\nKit Hollis\r\nMei Tan\r\n"
    ref = bring(ada, file)
    imports.keep(ada, ref, NOON)
    play.log("Ada", "Ben", to="Rosa Lind")
    drafts.write(ada, play.stage.id, 1, play.stage.refs["Cy"], "Jo Tan", Synergy.TEAM_UP, NOON)
    park(ada, "Kit Hollis")
    park(ada, "Mei Tan", settled_at=NOON)
    would = undoing.look(ada, ref)
    assert would
    assert (would.leaving, [(one.name, one.why) for one in would.staying]) == (
        1,
        [("Jo Tan", "a draft or question"), ("Kit Hollis", "an idea"), ("Rosa Lind", "an introduction")],
    )
    assert undoing.undo(ada, ref) == would
    assert names(ada) == ["Jo Tan", "Kit Hollis", "Rosa Lind"]
    assert db.session.scalars(select(Contact.import_id)).all() == [None] * 3


def park(ada: int, name: str, settled_at: datetime | None = None) -> None:
    with writing() as session:
        contact_id = session.execute(select(Contact.id).where(Contact.name == name)).scalar_one()
        session.add(Idea(person_id=ada, contact_id=contact_id, parked_at=NOON, settled_at=settled_at))


def test_undoing_twice_is_refused_in_words(ada):
    ref = bring(ada)
    imports.keep(ada, ref, NOON)
    undoing.undo(ada, ref)
    with pytest.raises(StalePage):
        undoing.undo(ada, ref)


def test_undoing_five_thousand_takes_as_many_statements_as_a_hundred(ada):
    counts = []
    for count in (100, 4_900):
        ref = bring(ada, many(count, of=f"P{count}"))
        imports.keep(ada, ref, NOON)
        with statements() as sent:
            undoing.undo(ada, ref)
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 16
