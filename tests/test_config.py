"""Settings: what stands without any, and what a bad one is told."""

import os
from pathlib import Path

import pytest

from circle.config import SETTINGS, read_settings, write_secret
from circle.factory import create_app

PRODUCTION = {"CIRCLE_MODE": "production", "BASE_URL": "https://circle.example.org", "SECRET_KEY": "k" * 32}


def test_without_any_setting_there_is_no_fault(tmp_path: Path) -> None:
    assert read_settings({}, tmp_path).faults == ()


def test_a_sound_production_has_no_fault(tmp_path: Path) -> None:
    assert read_settings(PRODUCTION, tmp_path).faults == ()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"CIRCLE_MODE": "prod"}, "CIRCLE_MODE is 'prod': give local or production."),
        ({"PORT": "0"}, "PORT is '0': give a whole number from 1 to 65535."),
        (
            {"BASE_URL": "https://circle.example.org"},
            "BASE_URL must be on 127.0.0.1 or localhost in local mode",
        ),
        ({"BASE_URL": "circle"}, "BASE_URL must look like https://circle.example.org"),
        (PRODUCTION | {"BASE_URL": "http://circle.example.org"}, "BASE_URL must begin with https://"),
        (PRODUCTION | {"SECRET_KEY": ""}, "SECRET_KEY must have 32 characters or more"),
        (PRODUCTION | {"SECRET_KEY": "k" * 31}, "SECRET_KEY must have 32 characters or more"),
        ({"CIRCLE_MIN_MEMBERS": "7"}, "CIRCLE_MIN_MEMBERS is above CIRCLE_MAX_MEMBERS"),
        ({"MAIL_USE_TLS": "yes", "MAIL_USE_SSL": "yes"}, "Set MAIL_USE_TLS or MAIL_USE_SSL, not both."),
        ({"MAIL_USE_TLS": "maybe"}, "MAIL_USE_TLS is 'maybe': give yes or no."),
        ({"MAIL_DEFAULT_SENDER": "Circle"}, "MAIL_DEFAULT_SENDER must be one plain address"),
        ({"WORKER_SECONDS": "0"}, "WORKER_SECONDS is '0': give a number of seconds above 0"),
    ],
)
def test_a_bad_setting_is_refused_in_words(given: dict[str, str], sentence: str, tmp_path: Path) -> None:
    assert any(sentence in fault for fault in read_settings(given, tmp_path).faults)


def test_anyone_may_start_a_circle_on_their_own_machine(tmp_path: Path) -> None:
    assert read_settings({}, tmp_path)["CIRCLE_START"] == "anyone"


def test_in_production_members_may_start_a_circle(tmp_path: Path) -> None:
    assert read_settings(PRODUCTION, tmp_path)["CIRCLE_START"] == "members"


def test_the_database_stands_in_the_instance_folder(tmp_path: Path) -> None:
    assert read_settings({}, tmp_path)["DATABASE_URL"] == f"sqlite:///{tmp_path}/circle.db"


def test_the_port_is_part_of_the_address_people_use(tmp_path: Path) -> None:
    assert read_settings({"PORT": "8765"}, tmp_path)["BASE_URL"] == "http://127.0.0.1:8765"


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config.py").write_text("PORT = 8001\nWEB_WORKERS = 3\n")
    monkeypatch.setenv("PORT", "8002")
    settings = read_settings(None, tmp_path)
    assert (settings["PORT"], settings["WEB_WORKERS"]) == (8002, 3)


def test_the_secret_is_written_once(tmp_path: Path) -> None:
    write_secret(tmp_path)
    first = read_settings({}, tmp_path)["SECRET_KEY"]
    write_secret(tmp_path)
    assert read_settings({}, tmp_path)["SECRET_KEY"] == first


def test_the_secret_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    write_secret(tmp_path)
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_production_does_not_take_the_secret_of_a_local_trial(tmp_path: Path) -> None:
    write_secret(tmp_path)
    given = {name: value for name, value in PRODUCTION.items() if name != "SECRET_KEY"}
    assert "SECRET_KEY" in read_settings(given, tmp_path).faults[0]


def test_every_default_is_one_its_own_reader_takes() -> None:
    assert [setting.name for setting in SETTINGS if not setting.computed and setting.unset is None] == []


def test_an_unreadable_database_address_is_a_fault_in_words_and_the_site_can_still_be_made(tmp_path: Path):
    site = create_app({"DATABASE_URL": "foo"}, tmp_path)
    assert site.config["SETTINGS"].faults == (
        "DATABASE_URL is 'foo': give sqlite:////path/to/circle.db or postgresql+psycopg://user@host/name.",
    )


def test_a_number_that_is_none_is_refused_in_our_words():
    assert read_settings({"PORT": "abc"}).faults == ("PORT is 'abc': give a whole number from 1 to 65535.",)


def test_a_broken_config_file_is_a_fault_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(os, "environ", {})
    (tmp_path / "config.py").write_text("PORT = ")
    assert "cannot be read" in read_settings(None, tmp_path).faults[0]


def test_an_empty_secret_is_written_anew(tmp_path: Path):
    (tmp_path / "secret_key").touch()
    write_secret(tmp_path)
    assert len((tmp_path / "secret_key").read_text()) == 64
