"""One site a database for the whole run, a real mail server, a real browser; each test cleans up."""

import os
import shutil
import tempfile
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import text
from werkzeug.serving import make_server
from werkzeug.test import run_wsgi_app

from circle.extensions import db
from circle.factory import create_app
from circle.models.base import Base
from tests import postgresql
from tests.cast import Cast
from tests.client import Client
from tests.smtp_sink import Sink, free_port

SECRET = "a secret that only the tests know, long enough"
DATABASES = ("sqlite", "postgresql")
PAGES = ("web", "browser")
"""Folders whose tests look at single pages, on one database unless they are marked."""
NOT_FOUND = "was not found on this machine"


def missing(what: str) -> None:
    """Skip for want of a program, said loudly at the end of the run; in CI that is a failure."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} must be there in CI")
    pytest.skip(f"{what} {NOT_FOUND}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one line what could not be tested here."""
    reasons = {str(report.longrepr[2]) for report in terminalreporter.stats.get("skipped", ())}
    lacking = {reason.removeprefix("Skipped: ") for reason in reasons if reason.endswith(NOT_FOUND)}
    if lacking:
        what = ", ".join(sorted(reason.removesuffix(f" {NOT_FOUND}") for reason in lacking))
        terminalreporter.write_line(f"NOT TESTED, not found here: {what}", red=True, bold=True)


@pytest.fixture(scope="session")
def quick_folder() -> Iterator[Path]:
    """A folder for throw-away files, in memory where there is such a thing."""
    memory = Path("/dev/shm")  # noqa: S108 - only tests write here, into a folder of their own
    folder = Path(tempfile.mkdtemp(prefix="circle-", dir=memory if os.access(memory, os.W_OK) else None))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def database_url(request: pytest.FixtureRequest, quick_folder: Path) -> Iterator[str]:
    """The address of an empty database; tests that use `app` run on each of DATABASES."""
    if request.param == "sqlite":
        yield f"sqlite:///{quick_folder / 'circle.db'}"
        return
    folder = postgresql.programs()
    if folder is None:
        missing("PostgreSQL (initdb)")
    server = postgresql.Server(folder)  # type: ignore[arg-type]
    yield server.url
    server.stop()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run every test that touches the database on both databases, those of single pages on one."""
    if "database_url" in metafunc.fixturenames:
        databases = DATABASES if _wants_both(metafunc) else DATABASES[:1]
        metafunc.parametrize("database_url", databases, indirect=True, scope="session")


def _wants_both(metafunc: pytest.Metafunc) -> bool:
    # What pages ask of the database is asked in the tests of services too; the tables of all routes go over
    # every page on both. `make proof` does all of it on both.
    asked = {mark.name for mark in metafunc.definition.iter_markers()}
    on_one = metafunc.definition.path.parent.name in PAGES or "one_database" in asked
    return not on_one or "both_databases" in asked or bool(os.environ.get("BOTH_DATABASES"))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let one process run all tests of a folder on one database, so that few sites are made."""
    for item in items:
        callspec = getattr(item, "callspec", None)
        url = callspec.params.get("database_url") if callspec else None
        if url:
            item.add_marker(pytest.mark.xdist_group(f"{item.path.parent.name} on {url}"))


@pytest.fixture(scope="session")
def session_sink() -> Iterator[Sink]:
    """The mail server of the whole run."""
    sink = Sink()
    sink.start()
    yield sink
    sink.stop()


@pytest.fixture(scope="session")
def app(database_url: str, session_sink: Sink, quick_folder: Path) -> Iterator[Flask]:
    """The site on one database, sending through the mail server of the run."""
    instance = quick_folder / database_url.partition(":")[0].replace("+", "-")
    instance.mkdir(exist_ok=True)
    port = free_port()
    site = create_app(
        {
            "DATABASE_URL": database_url,
            "SECRET_KEY": SECRET,
            "PORT": str(port),
            "BASE_URL": f"http://localhost:{port}",
            "MAIL_SERVER": "127.0.0.1",
            "MAIL_PORT": str(session_sink.port),
            "MAIL_DEFAULT_SENDER": "circle@example.org",
        },
        instance,
    )
    site.test_client_class = Client
    with site.app_context():
        upgrade()
    yield site
    with site.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(autouse=True)
def _clean(request: pytest.FixtureRequest) -> Iterator[None]:
    if "app" not in request.fixturenames:
        yield
        return
    site: Flask = request.getfixturevalue("app")
    yield
    with site.app_context():
        pool = db.engine.pool
        checked_out = pool.checkedout()  # type: ignore[attr-defined]
        with db.engine.connect().execution_options(writes=True) as connection:
            for table in reversed(Base.metadata.sorted_tables):
                connection.execute(text(f'DELETE FROM "{table.name}"'))  # noqa: S608 - our own table names
            connection.commit()
        assert checked_out == 0, "the test left a database connection checked out"


@pytest.fixture
def sink(session_sink: Sink) -> Sink:
    """The mail server, with nothing in it yet."""
    session_sink.clear()
    return session_sink


@pytest.fixture
def context(app: Flask) -> Iterator[Flask]:
    """An application context for tests of services; tests with a client must not use it."""
    with app.app_context():
        yield app
        db.session.remove()


@pytest.fixture
def cast(app: Flask) -> Cast:
    """Who plays."""
    return Cast(app)


@pytest.fixture
def client(cast: Cast) -> Client:
    """A browser in which nobody is signed in."""
    return cast.client()


@pytest.fixture(scope="session")
def live(app: Flask) -> Iterator[str]:
    """The site served on loopback; the value is its address."""
    server = make_server("127.0.0.1", int(app.config["PORT"]), _answered_whole(app), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield str(app.config["BASE_URL"])
    server.shutdown()
    thread.join()
    server.server_close()


def _answered_whole(app: Flask) -> WSGIApplication:
    """Close each answer before it is sent: the server leaves a file open when a browser hangs up."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        body, status, headers = run_wsgi_app(app, environ, buffered=True)
        start_response(status, headers.to_wsgi_list())
        return body

    return answer
