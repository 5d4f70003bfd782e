"""create_app: a short list of named steps; it never migrates, sleeps or calls the network."""

import secrets
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask, abort, g, request
from werkzeug.middleware.proxy_fix import ProxyFix

from circle import cli, extensions
from circle.config import INSTANCE, Settings, read_settings
from circle.extensions import csrf, db, mail, migrate
from circle.web import access, sessions
from circle.web.frame import assets, drawing, errors, headers, uploads
from circle.web.frame.routes import blueprints

ROOT = Path(__file__).resolve().parent.parent
LONGEST_FORM = 256 * 1024


class RouteWithoutPolicy(AssertionError):
    """A route does not say who it answers."""


def create_app(values: Mapping[str, str] | None = None, instance: Path = INSTANCE) -> Flask:
    """Make the site from `values` alone, or from the environment and instance/config.py."""
    app = Flask(
        "circle",
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
        instance_path=str(instance),
    )
    settings = read_settings(values, instance)
    _configure(app, settings)
    _wire_database(app)
    mail.init_app(app)
    uploads.wire(app)
    csrf.init_app(app)
    _believe_proxies(app, settings["TRUSTED_PROXIES"])
    _wire_pages(app, settings)
    cli.register(app)
    _refuse_routes_without_policy(app)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    url = urlsplit(settings["BASE_URL"])
    secure = url.scheme == "https"
    app.config.update(
        settings.values,
        SETTINGS=settings,
        SECRET_KEY=settings["SECRET_KEY"] or secrets.token_hex(32),
        SQLALCHEMY_DATABASE_URI=settings["DATABASE_URL"],
        SQLALCHEMY_ENGINE_OPTIONS=_engine_options(settings),
        SERVER_NAME=url.netloc,
        PREFERRED_URL_SCHEME=url.scheme,
        TRUSTED_HOSTS=[url.hostname, "127.0.0.1", "localhost"],
        SESSION_COOKIE_NAME="__Host-circle" if secure else "circle",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        PERMANENT_SESSION_LIFETIME=365 * 24 * 3600,
        MAX_CONTENT_LENGTH=LONGEST_FORM,
        MAX_FORM_MEMORY_SIZE=LONGEST_FORM,
        WTF_CSRF_TIME_LIMIT=None,
        MAIL_SUPPRESS_SEND=False,
    )


def _engine_options(settings: Settings) -> dict[str, object]:
    # One for each connection to the mail server, besides what pages and passes use.
    shared = {"max_overflow": 10 + int(settings["MAIL_CONNECTIONS"])}
    # Transactions of SQLite are begun by our own event, so the driver must not begin any.
    sqlite = settings["DATABASE_URL"].startswith("sqlite")
    return shared | ({"connect_args": {"isolation_level": None}} if sqlite else {"pool_pre_ping": True})


def _wire_database(app: Flask) -> None:
    db.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT / "circle" / "migrations"))
    with app.app_context():
        extensions.wire_engine(db.engine)


def _believe_proxies(app: Flask, count: int) -> None:
    if count:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count)  # type: ignore[method-assign] # Flask's way


def _wire_pages(app: Flask, settings: Settings) -> None:
    for blueprint in blueprints(settings):
        app.register_blueprint(blueprint)
    headers.wire(app)
    errors.wire(app)
    sessions.wire(app)
    if settings.faults and not settings.local:
        app.before_request(_closed)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        asset=assets.asset,
        arcs=drawing.arcs,
        seats=drawing.seats,
        dial_dash=drawing.dial_dash,
        bar_length=drawing.bar_length,
        stacked=drawing.stacked,
        column=drawing.column,
        columns_box=drawing.columns_box,
        axis=drawing.axis,
    )
    app.context_processor(
        lambda: {
            "current_person": access.current_viewer(),
            "current_circle": g.get("here"),
            "settings": settings,
        }
    )


def _closed() -> None:
    # What the page that says so looks like may be fetched.
    if request.endpoint != "static":
        abort(503)


def _refuse_routes_without_policy(app: Flask) -> None:
    bare = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static" and not hasattr(app.view_functions[rule.endpoint], "policy")
    ]
    if bare:
        raise RouteWithoutPolicy(f"say who may use {', '.join(bare)}: see circle/web/access.py")
    setattr(app.view_functions["static"], "policy", access.Policy.ANYONE)  # noqa: B010 - a view is any callable
