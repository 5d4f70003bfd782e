"""The operator's commands: each does what it says, and refuses in one sentence."""

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select, text

from circle.extensions import db
from circle.factory import create_app
from circle.models import Circle, Membership, Person, Site
from circle.models.base import Base
from circle.rules.states import MailKind, Role
from circle.services.post import outbox
from circle.services.work import writing
from tests.cast import NOON

PRODUCTION = {"CIRCLE_MODE": "production", "BASE_URL": "https://circle.example.org", "SECRET_KEY": "k" * 32}

Run = Callable[..., Result]


@dataclass
class Desk:
    """An operator before a site of their own, with its folder."""

    app: Flask
    folder: Path

    def run(self, *words: str) -> Result:
        return self.app.test_cli_runner().invoke(args=["circle", *words])


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database as its migrations make it."""
    folder = tmp_path_factory.mktemp("template")
    _desk(folder).run("migrate")
    return folder / "circle.db"


@pytest.fixture
def desk(template: Path, tmp_path: Path) -> Iterator[Desk]:
    """A local site with an empty database."""
    shutil.copy(template, tmp_path / "circle.db")
    found = _desk(tmp_path)
    yield found
    _close(found)


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Desk]:
    """A local site whose database has not been made."""
    found = _desk(tmp_path)
    yield found
    _close(found)


@pytest.fixture
def office(template: Path, tmp_path: Path) -> Iterator[Desk]:
    """A site in production with an empty database."""
    shutil.copy(template, tmp_path / "circle.db")
    found = _desk(tmp_path, **PRODUCTION)
    yield found
    _close(found)


def test_migrate_makes_a_new_database_and_says_where(bare: Desk) -> None:
    result = bare.run("migrate")
    assert result.output == f"A new database was made: {bare.folder}/circle.db\n"


def test_a_new_database_is_readable_by_its_owner_alone(bare: Desk) -> None:
    bare.run("migrate")
    assert (bare.folder / "circle.db").stat().st_mode & 0o077 == 0


def test_migrate_says_when_there_is_nothing_to_do(desk: Desk) -> None:
    assert desk.run("migrate").output.startswith("The database is up to date")


def test_migrate_takes_no_backup_when_nothing_changes(desk: Desk) -> None:
    desk.run("migrate")
    assert not (desk.folder / "backups").exists()


def test_migrate_takes_a_backup_before_it_changes_anything(desk: Desk) -> None:
    _pretend_an_older_revision(desk)
    result = desk.run("migrate")
    assert "Backup: " in result.output
    assert len(list((desk.folder / "backups").iterdir())) == 1


def test_migrate_without_backup_takes_none(desk: Desk) -> None:
    _pretend_an_older_revision(desk)
    desk.run("migrate", "--no-backup")
    assert not (desk.folder / "backups").exists()


@pytest.mark.parametrize("command", ["web", "worker", "tick", "mailbox", "demo"])
def test_without_a_database_a_command_says_how_to_make_one(bare: Desk, command: str) -> None:
    result = bare.run(command)
    assert (result.exit_code, "Run: flask circle migrate" in result.output) == (1, True)


@pytest.mark.parametrize("command", ["web", "worker", "tick", "mailbox", "demo"])
def test_a_command_never_makes_a_database_by_the_way(bare: Desk, command: str) -> None:
    bare.run(command)
    assert not (bare.folder / "circle.db").exists()


def test_in_production_serve_makes_no_database(tmp_path: Path) -> None:
    desk = _desk(tmp_path, **PRODUCTION)
    result = desk.run("serve")
    assert (result.exit_code, (tmp_path / "circle.db").exists()) == (1, False)
    _close(desk)


@pytest.mark.parametrize("command", ["serve", "web", "worker"])
def test_bad_settings_are_refused_in_words_before_anything_starts(tmp_path: Path, command: str) -> None:
    desk = _desk(tmp_path, **PRODUCTION | {"SECRET_KEY": "short"})
    result = desk.run(command)
    assert (result.exit_code, "SECRET_KEY must have 32 characters" in result.output) == (1, True)
    _close(desk)


def test_sign_in_link_prints_a_link_and_a_code(desk: Desk) -> None:
    desk.run("start", "ada@example.org")
    output = desk.run("sign-in-link", "ada@example.org").output
    assert re.search(r"^Link: http://127\.0\.0\.1:5000/sign-in/\S{43}$", output, re.MULTILINE)
    assert re.search(r"^Code: [0-9A-Z]{4}-[0-9A-Z]{4}$", output, re.MULTILINE)


def test_sign_in_link_for_an_unknown_address_says_what_to_do(desk: Desk) -> None:
    result = desk.run("sign-in-link", "nobody@example.org")
    assert (result.exit_code, "flask circle start" in result.output) == (1, True)


def test_sign_in_link_for_what_is_no_address_is_refused_without_a_traceback(desk: Desk) -> None:
    result = desk.run("sign-in-link", "not an address")
    assert (result.exit_code, "Traceback" in result.output) == (1, False)


def test_start_makes_a_circle_with_its_organiser(office: Desk) -> None:
    office.run("start", "ada@example.org", "--name", "Harbour Circle", "--zone", "Europe/London")
    found = _rows(
        office,
        select(Circle.name, Circle.zone, Membership.role, Person.email)
        .join(Membership, Membership.circle_id == Circle.id)
        .join(Person, Person.id == Membership.person_id),
    )
    assert found == [("Harbour Circle", "Europe/London", Role.ORGANISER, "ada@example.org")]


def test_start_twice_starts_one_circle(office: Desk) -> None:
    office.run("start", "ada@example.org")
    office.run("start", "ada@example.org")
    assert _rows(office, select(func.count()).select_from(Circle)) == [(1,)]


def test_start_prints_a_link_at_the_address_people_use(office: Desk) -> None:
    assert "Link: https://circle.example.org/sign-in/" in office.run("start", "ada@example.org").output


def test_start_in_a_zone_that_does_not_exist_is_refused_in_words(office: Desk) -> None:
    result = office.run("start", "ada@example.org", "--zone", "Middle/Earth")
    assert (result.exit_code, result.output) == (1, "Error: Choose a time zone from the list.\n")


def test_the_demo_can_be_made_and_removed(desk: Desk) -> None:
    made = desk.run("demo")
    removed = desk.run("demo", "--remove")
    assert (made.exit_code, removed.output) == (0, "The demo circle is gone.\n")


def test_there_is_no_demo_in_production(office: Desk) -> None:
    assert "No such command 'demo'" in office.run("demo").output


def test_rounds_prints_twelve_openings_each_with_its_zone_and_instant(desk: Desk) -> None:
    desk.run("demo")
    lines = desk.run("rounds", "demo").output.splitlines()
    shape = re.compile(r"\d{4}-\d\d-\d\d 09:00  Europe/London  (\d{4}-\d\d-\d\dT0[89]:00:00Z)")
    instants = [found[1] for line in lines if (found := shape.fullmatch(line))]
    assert (len(lines), len(instants)) == (12, 12)
    assert instants == sorted(set(instants))


def test_rounds_of_the_demo_before_it_is_made_says_what_makes_it(desk: Desk) -> None:
    result = desk.run("rounds", "demo")
    assert "flask circle demo makes it." in result.output


def test_rounds_of_an_unknown_circle_says_where_its_id_stands(desk: Desk) -> None:
    result = desk.run("rounds", "nowhere")
    assert (result.exit_code, result.output) == (
        1,
        "Error: There is no circle 'nowhere'. Its public id stands in its address.\n",
    )


def test_a_tick_with_nothing_due_says_so(desk: Desk) -> None:
    assert desk.run("tick", "--at", "2026-11-02T12:00").output == "Nothing was due.\n"


def test_a_dry_run_says_what_it_would_do(desk: Desk) -> None:
    desk.run("demo")
    assert "Harbour Circle" in desk.run("tick", "--dry-run", "--at", "2036-01-01").output


def test_a_dry_run_changes_nothing(desk: Desk) -> None:
    desk.run("demo")
    before = _everything(desk)
    desk.run("tick", "--dry-run", "--at", "2036-01-01")
    assert _everything(desk) == before


def test_a_tick_as_of_a_moment_does_what_was_due_then(desk: Desk) -> None:
    desk.run("demo")
    assert "Opened round 5 of Harbour Circle" in desk.run("tick", "--at", "2036-01-01").output


def test_a_moment_that_is_none_is_refused_in_words(desk: Desk) -> None:
    result = desk.run("tick", "--at", "next Tuesday")
    assert (result.exit_code, "Write it like 2026-11-24T09:00" in result.output) == (1, True)


def test_in_production_a_tick_as_of_a_moment_needs_a_dry_run(office: Desk) -> None:
    result = office.run("tick", "--at", "2036-01-01")
    assert (result.exit_code, "--dry-run" in result.output) == (1, True)


def test_in_production_a_dry_run_may_look_ahead(office: Desk) -> None:
    assert office.run("tick", "--at", "2036-01-01", "--dry-run").exit_code == 0


def test_an_empty_mailbox_says_so(desk: Desk) -> None:
    assert desk.run("mailbox").output == "No mail has been written yet.\n"


def test_the_mailbox_lists_what_waits_in_production(office: Desk) -> None:
    _queue_round_opened(office)
    assert "A round has opened to ada@example.org (queued)" in office.run("mailbox").output


def test_a_mail_that_is_not_there_is_refused_in_words(desk: Desk) -> None:
    result = desk.run("mailbox", "7")
    assert (result.exit_code, "There is no mail 7" in result.output) == (1, True)


def test_the_doctor_finds_nothing_unsafe_in_a_fresh_site(desk: Desk) -> None:
    result = desk.run("doctor")
    assert (result.exit_code, "Nothing is unsafe." in result.output) == (0, True)


def test_the_doctor_runs_before_there_is_a_database(bare: Desk) -> None:
    result = bare.run("doctor")
    assert (result.exit_code, "There is no database at" in result.output) == (0, True)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"SECRET_KEY": "short"}, "wrong    SECRET_KEY must have 32 characters"),
        ({"BASE_URL": "http://circle.example.org"}, "wrong    BASE_URL must begin with https://"),
        ({"MAIL_SERVER": "smtp.example.org"}, "unsafe   Every letter would travel unencrypted"),
        (
            {"MAIL_SERVER": "smtp.example.org", "MAIL_PASSWORD": "secret"},
            "unsafe   The mail password and every letter would travel unencrypted",
        ),
    ],
)
def test_the_doctor_names_what_must_be_mended(given: dict[str, str], sentence: str, tmp_path: Path) -> None:
    desk = _desk(tmp_path, **PRODUCTION | given)
    result = desk.run("doctor")
    assert (result.exit_code, sentence in result.output) == (1, True)
    _close(desk)


def test_the_doctor_asks_after_a_misspelt_setting(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIRCLE_MAX_MEMBER", "7")
    assert "Did you mean CIRCLE_MAX_MEMBERS?" in desk.run("doctor").output


def test_the_doctor_sees_a_secret_that_others_can_read(desk: Desk) -> None:
    (desk.folder / "secret_key").write_text("k" * 64)
    (desk.folder / "secret_key").chmod(0o644)
    result = desk.run("doctor")
    assert (result.exit_code, "chmod 600" in result.output) == (1, True)


def test_the_doctor_says_when_no_mail_server_is_set_in_production(office: Desk) -> None:
    assert "missing  No MAIL_SERVER: mails wait until one is set." in office.run("doctor").output


def test_the_doctor_says_that_the_worker_does_not_pass(desk: Desk) -> None:
    assert "The worker has not passed yet." in desk.run("doctor").output


def test_the_doctor_says_why_mail_is_paused(desk: Desk) -> None:
    with desk.app.app_context(), writing() as session:
        session.add(Site(id=1, mail_paused_at=NOON, mail_paused_why="The password was refused."))
    assert "Mail is paused since 2026-11-02 12:00 UTC: The password was refused." in desk.run("doctor").output


def test_the_doctor_finds_the_demo_in_production_unsafe(desk: Desk) -> None:
    desk.run("demo")
    office = _desk(desk.folder, **PRODUCTION)
    assert "unsafe   The demo circle is in this database." in office.run("doctor").output
    _close(office)


def test_the_doctor_runs_when_the_database_does_not_answer(tmp_path: Path) -> None:
    desk = _desk(tmp_path, DATABASE_URL="postgresql+psycopg://circle@127.0.0.1:1/circle")
    result = desk.run("doctor")
    assert (result.exit_code, "does not answer" in result.output) == (1, True)


def _desk(folder: Path, **settings: str) -> Desk:
    return Desk(create_app({"DATABASE_URL": f"sqlite:///{folder / 'circle.db'}", **settings}, folder), folder)


def _close(desk: Desk) -> None:
    with desk.app.app_context():
        db.session.remove()
        db.engine.dispose()


def _rows(desk: Desk, statement) -> list[tuple[object, ...]]:
    with desk.app.app_context():
        return [tuple(row) for row in db.session.execute(statement)]


def _everything(desk: Desk) -> dict[str, list[tuple[object, ...]]]:
    return {table.name: _rows(desk, select(table)) for table in Base.metadata.sorted_tables}


def _pretend_an_older_revision(desk: Desk) -> None:
    """Leave the tables away, as if the newest migration had not been there."""
    with desk.app.app_context(), db.engine.connect().execution_options(writes=True) as connection:
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(text(f'DROP TABLE "{table.name}"'))
        connection.execute(text("UPDATE alembic_version SET version_num = ''"))
        connection.commit()


def _queue_round_opened(desk: Desk) -> None:
    with desk.app.app_context(), writing() as session:
        ada = Person(email="ada@example.org", email_key="ada@example.org", name="Ada", created_at=NOON)
        session.add(ada)
        session.flush()
        outbox.queue(MailKind.ROUND_OPENED, key="round-opened:1:1", now=NOON, person_id=ada.id)
