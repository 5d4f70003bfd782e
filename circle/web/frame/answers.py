"""The answers a view gives: a page, a page elsewhere, or the same form with words beside the field."""

from typing import Any

from flask import render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from circle.rules.errors import Refusal
from circle.services.work import end_reading


def page(template: str, status: int = 200, **facts: Any) -> tuple[str, int]:
    """Render a page after the database has been left alone."""
    end_reading()
    return render_template(template, **facts), status


def see_other(endpoint: str, **values: Any) -> Response:
    """Answer a POST: look there next."""
    return redirect(url_for(endpoint, **values), 303)


def beside(form: FlaskForm, refusal: Refusal) -> None:
    """Put a refusal's sentence beside its field, or above the form when it has none."""
    if refusal.field in form:
        field = form[refusal.field]
        field.errors = [*field.errors, refusal.sentence]
    else:
        form.form_errors.append(refusal.sentence)


def network_origin() -> str:
    """Return the address the request came from, for limits."""
    return request.remote_addr or ""
