"""The mailbox page: every mail of this machine, readable while no mail server is set; local mode only."""

from flask import Blueprint, Response, abort

from circle import clock
from circle.formats.opened import open_mail
from circle.services.post import mailbox
from circle.services.post.mailbox import Entry
from circle.services.running import health
from circle.services.work import end_reading
from circle.web.access import local_only
from circle.web.frame.answers import page

# A letter is a foreign page: no scripts, nothing loaded, its links open in the window around it.
LETTER_POLICY = (
    "sandbox allow-popups allow-top-navigation-by-user-activation; default-src 'none'; "
    "style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
)

bp = Blueprint("mailbox", __name__)


@bp.get("/mailbox", endpoint="mailbox")
@local_only
def show_list() -> tuple[str, int]:
    """Show the newest mails."""
    queue = health.read().mail
    silent = queue.silent_since(clock.now())
    return page("mailbox/list.html", entries=mailbox.newest(), silent=silent, why=queue.why_silent)


@bp.get("/mailbox/<int(max=2147483647):mail_id>")
@local_only
def mail(mail_id: int) -> tuple[str, int]:
    """Show one mail."""
    entry = _entry(mail_id)
    return page("mailbox/mail.html", entry=entry, opened=open_mail(entry.wire) if entry.wire else None)


@bp.get("/mailbox/<int(max=2147483647):mail_id>/body")
@local_only
def body(mail_id: int) -> Response:
    """Show the HTML part of a mail by itself, for the frame on its page."""
    entry = _entry(mail_id)
    end_reading()
    if entry.wire is None:
        abort(404)
    html = open_mail(entry.wire).html.replace("<head>", '<head><base target="_top">', 1)
    return Response(html, mimetype="text/html", headers={"Content-Security-Policy": LETTER_POLICY})


def _entry(mail_id: int) -> Entry:
    entry = mailbox.entry(mail_id)
    if entry is None:
        abort(404)
    return entry
