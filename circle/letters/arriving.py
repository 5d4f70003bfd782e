"""Letters to people on their way in: sign-in, a new address, an invitation."""

from datetime import datetime

from circle.letters import links
from circle.letters.letter import Letter, NotWanted, written
from circle.rules.names import first_name
from circle.rules.states import Purpose
from circle.rules.wording import day_words
from circle.services.door import sign_in
from circle.services.post import arrival_facts
from circle.services.post.arrival_facts import RequestFacts
from circle.services.post.claims import Claimed

ENDED = "The request was used or has run out."


def sign_in_letter(mail: Claimed, now: datetime) -> Letter:
    """Write the mail with a fresh link and code; the ones before are void."""
    asked, token, code = _secrets(mail, now)
    name = "confirmation" if asked.purpose is Purpose.CONFIRM else "sign_in"
    facts = {"code": code, "url": links.absolute("sign_in.link", token=token)}
    return written(name, asked.name, asked.email, facts)


def new_address_letter(mail: Claimed, now: datetime) -> Letter:
    """Write to the new address of somebody who changes theirs."""
    asked, token, code = _secrets(mail, now)
    facts = {"code": code, "url": links.absolute("people.address_link", token=token), "email": asked.email}
    return written("new_address", asked.name, asked.email, facts)


def invitation_letter(mail: Claimed, now: datetime) -> Letter:
    """Write to somebody an organiser invites; replies go to the organiser."""
    invited = arrival_facts.invitation_facts(mail.invitation_id or 0, now)
    if invited.ended:
        raise NotWanted("The invitation was answered, withdrawn or has run out.")
    facts = {
        "circle": invited.circle_name,
        "charter": invited.charter.splitlines(),
        "inviter": invited.inviter,
        "inviter_first": first_name(invited.inviter),
        "inviter_email": invited.inviter_email,
        "until": day_words(invited.expires_at.date(), now.date()),
        "again": mail.created_at > invited.created_at,
        "url": links.invitation(invited.ref),
    }
    return written("invitation", invited.name, invited.email, facts, reply_to=invited.inviter_email)


def _secrets(mail: Claimed, now: datetime) -> tuple[RequestFacts, str, str]:
    made = sign_in.secrets_for(mail.sign_in_request_id or 0, now)
    if made is None:
        raise NotWanted(ENDED)
    return arrival_facts.request_facts(mail.sign_in_request_id or 0), *made
