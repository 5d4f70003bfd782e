"""Writing together: pieces of several threads share a unit of work, and none of them fails for another."""

import pytest
from flask import Flask
from sqlalchemy import update

from circle.extensions import db
from circle.models import Person
from circle.services.together import Refused, together
from tests.cast import Cast
from tests.services.at_once import at_once


def wish(person_id: int, words: str) -> None:
    db.session.execute(update(Person).where(Person.id == person_id).values(wish=words))


def wish_of(app: Flask, person_id: int) -> str:
    with app.app_context():
        return db.session.get_one(Person, person_id).wish


def test_what_a_piece_returns_is_returned(context: Flask):
    assert together(lambda: 7) == 7


def test_pieces_of_many_threads_are_all_written(app: Flask, cast: Cast):
    people = [cast.person(first) for first in ("Ada", "Ben", "Cy", "Dee")]
    pieces = [lambda one=one: together(lambda: wish(one.id, f"for {one.name}")) for one in people]
    assert at_once(app, *pieces) == [None] * 4
    assert [wish_of(app, one.id) for one in people] == [f"for {one.name}" for one in people]


def test_a_refused_piece_keeps_no_other_from_being_written(app: Flask, cast: Cast):
    ada = cast.person("Ada")

    def refuse() -> None:
        raise Refused

    raised = at_once(app, *[lambda: together(refuse), lambda: together(lambda: wish(ada.id, "a baker"))] * 2)
    assert [type(error) for error in raised if error] == [Refused, Refused]
    assert wish_of(app, ada.id) == "a baker"


def test_a_failed_piece_writes_nothing_and_keeps_no_other_from_being_written(app: Flask, cast: Cast):
    ada, ben = cast.person("Ada"), cast.person("Ben")

    def fail() -> None:
        wish(ben.id, "half done")
        raise ZeroDivisionError

    raised = at_once(app, *[lambda: together(fail), lambda: together(lambda: wish(ada.id, "a baker"))] * 2)
    assert [type(error) for error in raised if error] == [ZeroDivisionError, ZeroDivisionError]
    assert (wish_of(app, ada.id), wish_of(app, ben.id) == "half done") == ("a baker", False)


def test_after_a_failure_writing_goes_on(context: Flask, cast: Cast):
    ada = cast.person("Ada")
    with pytest.raises(ZeroDivisionError):
        together(lambda: 1 // 0)
    together(lambda: wish(ada.id, "a baker"))
    assert wish_of(context, ada.id) == "a baker"
