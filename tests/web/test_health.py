"""Health: what those who watch the site are told."""

from datetime import timedelta
from pathlib import Path

from circle.factory import create_app
from circle.models import OutboxMail, Site
from circle.rules.states import MailState
from circle.services.work import writing
from tests.cast import NOON, Cast


def test_a_site_whose_database_answers_is_well(client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json["database"]["ok"]) == (200, True)


def test_health_names_the_database(client, database_url: str) -> None:
    assert (
        client.get("/healthz").json["database"]["dialect"] == database_url.partition("+")[0].partition(":")[0]
    )


def test_health_says_when_the_worker_last_passed(client, cast: Cast) -> None:
    with cast.app.app_context(), writing() as session:
        session.add(Site(id=1, ticked_at=NOON))
    assert client.get("/healthz").json["last_tick"] == "2026-11-02T12:00:00+00:00"


def test_health_counts_the_mails_that_wait(client, cast: Cast) -> None:
    _put_mail(cast, MailState.QUEUED)
    assert client.get("/healthz").json["mail"]["waiting"] == 1


def test_health_tells_what_failed_last(client, cast: Cast) -> None:
    _put_mail(cast, MailState.FAILED, words="The address does not exist.")
    assert client.get("/healthz").json["mail"]["last_failure"]["kind"] == "recap"


def test_health_tells_nobody_what_the_mail_server_said(client, cast: Cast) -> None:
    _put_mail(cast, MailState.FAILED, words="No such user: ada@example.org")
    assert "ada@" not in client.get("/healthz").text


def test_health_says_since_when_mail_is_paused(client, cast: Cast) -> None:
    with cast.app.app_context(), writing() as session:
        session.add(Site(id=1, mail_paused_at=NOON, mail_paused_why="The password was refused."))
    assert client.get("/healthz").json["mail"]["paused_since"] == NOON.isoformat()


def test_health_names_all_versions(client) -> None:
    named = {"circle", "python", "flask", "sqlalchemy", "database"}
    assert set(client.get("/healthz").json["versions"]) == named


def test_a_database_that_does_not_answer_is_503(tmp_path: Path) -> None:
    site = create_app({"DATABASE_URL": f"sqlite:///{tmp_path}/nowhere/circle.db"}, tmp_path)
    answer = site.test_client().get("/healthz")
    assert (answer.status_code, answer.json["database"]) == (503, {"ok": False})


def _put_mail(cast: Cast, state: MailState, words: str = "") -> None:
    with cast.app.app_context(), writing() as session:
        session.add(
            OutboxMail(
                kind="recap",
                dedupe_key="recap:1:1",
                message_id="one",
                created_at=NOON,
                expires_at=NOON + timedelta(days=7),
                state=state,
                settled_at=NOON,
                words=words,
            )
        )
