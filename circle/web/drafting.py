"""Drafting: writing a mail with the site's help, and saying whether it was sent; behind both doors."""

from typing import Any

from flask import flash, redirect, request, url_for

from circle import clock
from circle.formats.mailto import mailto
from circle.rules.commitments import OUTSTANDING
from circle.rules.drafts import Draft
from circle.rules.errors import Refusal, StalePage
from circle.rules.states import Shape
from circle.services.giving import drafts
from circle.services.giving.promise_page import DraftHere
from circle.services.knowing.suggestions import chosen_among
from circle.web.forms.introduction import NOTES, DraftForm, WriteForm
from circle.web.giving import ASKED, Act, Desk, shown, shown_again
from circle.web.logged import words_for


def draft(desk: Desk) -> Any:
    """Show the mail and ask whether it was sent; where there is none yet, ask whom to write to."""
    if desk.known.state not in OUTSTANDING:
        return redirect(desk.home)
    kept = desk.known.draft
    if kept is None or request.args.get("to") == "another":
        return _whom(desk)
    form = DraftForm(formdata=None, subject=kept.subject, text=kept.text)
    return shown(desk, "drafts/show.html", form, **_mail(desk, kept))


def _whom(desk: Desk) -> Any:
    offers = desk.offered()
    chosen = chosen_among(offers, request.args.get("whom", ""))
    [name] = desk.known.known if desk.by_link and len(desk.known.known) == 1 else [""]
    idea = next((one.contact for one in desk.known.ideas if one.ref == request.args.get("idea")), "")
    form = WriteForm(
        formdata=None,
        contact_name=chosen.name if chosen else idea or desk.known.asked or name,
        synergy=(chosen and chosen.synergy) or desk.known.asked_why or "",
    )
    return shown(desk, "drafts/new.html", form, notes=NOTES, offers=offers, chosen=chosen, yes=_yes(desk))


def _yes(desk: Desk) -> str:
    """Return who was asked first and now said yes; empty where the giver is to choose whom to write to."""
    return "" if request.args.get("to") == "another" else desk.known.asked


def write(desk: Desk) -> Any:
    """Keep a first draft to this contact."""
    form = WriteForm()
    typed = form.contact_name.data or ""
    try:
        # Whoever may not read the draft that is there gets none of its words by typing its name.
        name = drafts.write(
            *desk.promise,
            typed,
            form.chosen_synergy(),
            clock.now(),
            shape=form.chosen_shape(),
            anew=desk.known.other_draft,
            by_link=desk.by_link,
            named_by_letter=typed in {one.name for one in desk.offered()},
        )
    except Refusal as refusal:
        return shown_again(desk, "drafts/new.html", form, refusal, notes=NOTES, yes="")
    return redirect(desk.named("draft", name), 303)


def revise(desk: Desk) -> Any:
    """Keep the draft as its writer changed it."""
    form, kept = DraftForm(), _kept(desk)
    try:
        drafts.revise(*desk.promise, Draft(form.subject.data or "", form.text.data or ""))
    except Refusal as refusal:
        return shown_again(desk, "drafts/show.html", form, refusal, **_mail(desk, kept))
    flash("Saved.")
    return desk.go_home(kept.contact_name) if "later" in request.form else redirect(desk.url("draft"), 303)


def sent(desk: Desk) -> Any:
    """Log what was sent."""
    kept = desk.known.draft
    if kept is None:
        return desk.go_home()
    if kept.shape is not Shape.TOGETHER:
        drafts.asked(*desk.promise, kept, clock.now(), by_link=desk.by_link)
        desk.tell(ASKED, desk.url("reopen", undo="y"))
        return desk.go_home(kept.contact_name)
    made_on = desk.known.days.latest
    logged = drafts.sent(*desk.promise, kept, made_on, clock.now(), by_link=desk.by_link)
    desk.tell(words_for(logged), url_for("introductions.withdraw", ref=logged.refs[0]))
    return desk.go_home(logged.contact_name)


def drop(desk: Desk) -> Any:
    """Let go of the draft."""
    if desk.known.draft:
        drafts.drop(*desk.promise)
        desk.tell(f"Dropped. Your introduction for {desk.known.to.first_name} is open as before.")
    return desk.go_home()


def _kept(desk: Desk) -> DraftHere:
    if desk.known.draft is None:
        raise StalePage("There is no draft here any more.")
    return desk.known.draft


def _mail(desk: Desk, kept: DraftHere) -> dict[str, Any]:
    member = (desk.known.to.first_name, desk.known.email)
    contact = (kept.contact_name, kept.contact_email)
    goes_to = {
        Shape.TOGETHER: (member, contact),
        Shape.ASK_CONTACT: (contact,),
        Shape.ASK_MEMBER: (member,),
    }[kept.shape]
    link = mailto([address for _, address in goes_to if address], kept.subject, kept.text)
    missing = [name for name, address in goes_to if not address]
    return {"draft": kept, "mailto": link, "missing": missing, "say": request.args.get("say", "")}


ACTS: tuple[Act, ...] = (
    ("/draft", "draft", "GET", draft),
    ("/draft", "write", "POST", write),
    ("/draft/text", "revise", "POST", revise),
    ("/draft/sending", "sent", "POST", sent),
    ("/draft/removal", "drop", "POST", drop),
)
