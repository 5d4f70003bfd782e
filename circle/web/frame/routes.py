"""Every blueprint of the site; what exists in local mode only is added there only."""

from flask import Blueprint

from circle.config import Settings
from circle.web import (
    absences,
    answers,
    archives,
    calendars,
    circles,
    commitments,
    contact_imports,
    contacts,
    deliveries,
    downloads,
    erasures,
    gatherings,
    health,
    ideas,
    introductions,
    invitations,
    letters,
    meetings,
    memberships,
    nudges,
    pages,
    people,
    promises,
    quarters,
    records,
    rhythms,
    rounds,
    scheduling,
    sessions,
    sign_in,
    sittings,
    ways_back,
    wishes,
)
from circle.web.local import mailbox, patterns

NOUNS = (
    pages,
    health,
    letters,
    sign_in,
    people,
    sessions,
    circles,
    invitations,
    memberships,
    rounds,
    rhythms,
    scheduling,
    nudges,
    deliveries,
    gatherings,
    absences,
    calendars,
    archives,
    introductions,
    commitments,
    contacts,
    contact_imports,
    ways_back,
    promises,
    answers,
    records,
    sittings,
    ideas,
    quarters,
    meetings,
    wishes,
    downloads,
    erasures,
)
LOCAL_NOUNS = (mailbox, patterns)


def blueprints(settings: Settings) -> list[Blueprint]:
    """Return the blueprints of this mode."""
    return [noun.bp for noun in NOUNS + (LOCAL_NOUNS if settings.local else ())]
