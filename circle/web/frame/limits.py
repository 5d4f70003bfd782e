"""The circle's limits as this site sets them."""

from flask import current_app

from circle.rules.limits import Limits


def current_limits() -> Limits:
    """Return the members a circle needs and the seats it has on this site."""
    settings = current_app.config["SETTINGS"]
    return Limits(settings["CIRCLE_MIN_MEMBERS"], settings["CIRCLE_MAX_MEMBERS"])


def who_may_start() -> str:
    """Return the setting that says who may start a circle."""
    return str(current_app.config["SETTINGS"]["CIRCLE_START"])
