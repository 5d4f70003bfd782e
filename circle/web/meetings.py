"""Meetings: whom one met, and the mails that put two or three of them together."""

from typing import Any

from flask import Blueprint, abort, flash, request, url_for
from markupsafe import Markup

from circle import clock
from circle.formats.mailto import mailto
from circle.rules import zones
from circle.rules.drafts import Draft
from circle.rules.errors import Refusal
from circle.rules.wording import apart
from circle.services.door.sessions import Viewer
from circle.services.giving.fellows import Fellow
from circle.services.meeting import mail_page, mails, meeting_page, meetings, sending
from circle.services.meeting.mail_page import MailPage
from circle.services.meeting.meeting_page import MeetingPage
from circle.web.access import signed_in
from circle.web.forms.introduction import NOTES, DraftForm
from circle.web.forms.meeting import MeetingForm, TogetherForm
from circle.web.frame.answers import beside, page, see_other

bp = Blueprint("meetings", __name__)

MEETING = "/meetings/<ref>"
DRAFT = f"{MEETING}/drafts/<draft>"


@bp.get("/meetings/new")
@signed_in
def new(viewer: Viewer) -> Any:
    """Ask whom one met, and offer the meetings one may go back to."""
    today = zones.local_day(clock.now(), zones.zone(viewer.zone))
    return _new_page(viewer, MeetingForm(formdata=None, data={"met_on": today, "keep": True}))


@bp.post("/meetings/new")
@signed_in
def create(viewer: Viewer) -> Any:
    """Write down whom one met."""
    form = MeetingForm()
    try:
        ref = meetings.begin(viewer.person_id, form.told(), clock.now())
    except Refusal as refusal:
        beside(form, refusal)
        return _new_page(viewer, form, 422)
    return see_other("meetings.show", ref=ref)


@bp.get(MEETING)
@signed_in
def show(viewer: Viewer, ref: str) -> Any:
    """Show whom one met, who could meet them, and the mails so far."""
    return _page(viewer, _known(viewer, ref), TogetherForm(formdata=None))


@bp.post(f"{MEETING}/removal")
@signed_in
def forget(viewer: Viewer, ref: str) -> Any:
    """Let go of a meeting."""
    meetings.forget(viewer.person_id, ref)
    flash("Forgotten, with its mails. Whom you kept and what you logged stays.")
    return see_other("meetings.new")


@bp.post(f"{MEETING}/drafts")
@signed_in
def write(viewer: Viewer, ref: str) -> Any:
    """Write a first mail to those chosen."""
    known, form = _known(viewer, ref), TogetherForm()
    chosen = form.met.data or (), form.members.data or ()
    try:
        draft = mails.write(viewer.person_id, ref, *chosen, form.chosen_synergy(), clock.now())
    except Refusal as refusal:
        beside(form, refusal)
        return _page(viewer, known, form, 422)
    return see_other("meetings.draft", ref=ref, draft=draft)


@bp.get(DRAFT)
@signed_in
def draft(viewer: Viewer, ref: str, draft: str) -> Any:
    """Show a mail, and ask whether it was sent."""
    mail = _mail(viewer, ref, draft)
    return _draft_page(mail, DraftForm(formdata=None, subject=mail.subject, text=mail.text))


@bp.post(DRAFT)
@signed_in
def revise(viewer: Viewer, ref: str, draft: str) -> Any:
    """Keep a mail as its writer changed it."""
    mail, form = _mail(viewer, ref, draft), DraftForm()
    try:
        mails.revise(viewer.person_id, ref, draft, Draft(form.subject.data or "", form.text.data or ""))
    except Refusal as refusal:
        beside(form, refusal)
        return _draft_page(mail, form, 422)
    flash("Saved.")
    later = "later" in request.form
    return see_other("meetings.show", ref=ref) if later else see_other("meetings.draft", ref=ref, draft=draft)


@bp.post(f"{DRAFT}/sending")
@signed_in
def sent(viewer: Viewer, ref: str, draft: str) -> Any:
    """Log what was sent."""
    _mail(viewer, ref, draft)
    done = sending.sent(viewer.person_id, ref, draft, clock.now())
    if done:
        record = Markup(' <a href="{}">Your record</a>').format(url_for("records.show"))
        flash(Markup("{}").format(done.words) + record)
    return see_other("meetings.show", ref=ref)


@bp.post(f"{DRAFT}/removal")
@signed_in
def drop(viewer: Viewer, ref: str, draft: str) -> Any:
    """Let go of a mail."""
    _known(viewer, ref)
    mails.drop(viewer.person_id, ref, draft)
    flash("Dropped.")
    return see_other("meetings.show", ref=ref)


def _new_page(viewer: Viewer, form: MeetingForm, status: int = 200) -> Any:
    recent = meeting_page.recent(viewer.person_id, viewer.zone, clock.now())
    unfinished = next((one for one in recent if one.is_unfinished), None)
    return page("meetings/new.html", status, form=form, recent=recent, unfinished=unfinished)


def _page(viewer: Viewer, known: MeetingPage, form: TogetherForm, status: int = 200) -> Any:
    several = len({one.circle_id for one in known.members}) > 1
    form.met.choices = {str(one.place): one.name for one in known.met}
    form.members.choices = {
        one.ref: f"{one.name} ({one.circle})" if several else one.name for one in known.members
    }
    fits = meeting_page.fits(viewer.person_id, known, clock.now())
    notes = {str(one.place): one.work or one.line for one in known.met}
    return page(
        "meetings/show.html",
        status,
        known=known,
        form=form,
        notes=notes,
        reasons=NOTES,
        member_notes={one.ref: _note(one, fits.get(one.ref, "")) for one in known.members},
    )


def _note(fellow: Fellow, fit: str) -> str:
    waits = f"Round {fellow.number} still waits for you to introduce {apart(fellow.first_name)}."
    wish = f"Would like to meet: {apart(fellow.wish)}" if fellow.wish else ""
    return "\n".join(part for part in (waits if fellow.is_outstanding else "", wish, fit) if part)


def _draft_page(mail: MailPage, form: DraftForm, status: int = 200) -> Any:
    link = mailto(mail.to, mail.subject, mail.text)
    return page("meetings/draft.html", status, mail=mail, form=form, mailto=link)


def _known(viewer: Viewer, ref: str) -> MeetingPage:
    known = meeting_page.read(viewer.person_id, viewer.zone, ref, clock.now())
    if known is None:
        abort(404)
    return known


def _mail(viewer: Viewer, ref: str, draft: str) -> MailPage:
    mail = mail_page.read(viewer.person_id, viewer.zone, ref, draft, clock.now())
    if mail is None:
        abort(404)
    return mail
