"""Suggestions: whom somebody knows who fits the members of a circle, each with one true sentence."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, select, union

from circle.extensions import db
from circle.models import Contact, ContactTerm, Membership, Person
from circle.models.base import as_row
from circle.rules.matching import people
from circle.rules.matching import suggestions as rules
from circle.rules.matching.kept import VERSION
from circle.rules.matching.members import MemberTerms, read_member
from circle.rules.matching.reasons import Fit
from circle.rules.names import first_name, initials, name_key
from circle.rules.states import Synergy
from circle.services.knowing import past
from circle.services.knowing.past import Past

MOST_OPENINGS = 200
"""Stretches looked through in one statement; profiles in one script have fewer, and SQLite allows 500."""
NEAR = 24
"""Contacts compared with one member: those that share most with them, roughly weighed."""

_person, _membership = as_row(Person), as_row(Membership)
_contact, _term = as_row(Contact), as_row(ContactTerm)

# Built once: every page of a giver asks these.
_FELLOWS = (
    select(
        _person.c.id,
        _person.c.email_key,
        *(_person.c[text] for text in ("name", "does", "serves", "interests", "wish")),
    )
    .join(_membership, _membership.c.person_id == _person.c.id)
    .where(_membership.c.circle_id == bindparam("circle_id"), _membership.c.left_at.is_(None))
)
_FOUND_UNDER = (
    select(_term.c.key, _term.c.contact_id)
    .join(_contact, _contact.c.id == _term.c.contact_id)
    .where(
        _term.c.person_id == bindparam("giver_id"),
        _term.c.key.in_(bindparam("keys", expanding=True)),
        _contact.c.archived_at.is_(None),
    )
)
_NEAR: Select[Any] = select(
    *(_contact.c[name] for name in ("id", "public_id", "name_key", "terms", "email")),
    *(_contact.c[text] for text in ("name", "organisation", "position", "line")),
).where(_contact.c.id.in_(bindparam("ids", expanding=True)), _contact.c.terms_version == VERSION)
_ANYBODY = select(_term.c.contact_id).where(_term.c.person_id == bindparam("giver_id")).limit(1)


@dataclass(frozen=True, slots=True)
class Suggested:
    """Somebody a giver knows who fits a member; for the eyes of the giver alone."""

    ref: str
    name: str
    sentence: str
    """Why, in words that may quote the giver's private note."""
    synergy: Synergy | None
    """What a form is filled in with; None where only a wish is met."""
    spared: str = ""
    """Why rather somebody else; empty for most."""

    @property
    def first_name(self) -> str:
        return first_name(self.name)

    @property
    def initials(self) -> str:
        return initials(self.name)


def suggest(
    giver_id: int, circle_id: int, member_ids: Collection[int], now: datetime, *, most: int = 3
) -> dict[int, tuple[Suggested, ...]]:
    """Return for each of these members up to `most` people the giver knows who fit, the strongest first.

    Members nobody fits are left out. To be shown to the giver alone. Those with `spared` come last; where
    only one or two may stand, leave them out (`unspared`). At most nine statements, however many members and
    contacts. It only reads, and ends no reading.
    """
    if not member_ids or not _knows_anybody(giver_id):
        return {}
    fellows = _fellows(circle_id)
    sought = {one.id: one.terms for one in fellows if one.id in member_ids and one.id != giver_id}
    index = _index(giver_id, sought.values())
    if not index.by_key:
        return {}
    done = past.read(giver_id, sought, now)
    near = {
        member: index.near(terms, NEAR, without=done.aside[member] | done.met[member])
        for member, terms in sought.items()
    }
    known = _known({contact for contacts in near.values() for contact in contacts}, fellows)
    found = {
        member: _best(sought[member], [known[each] for each in contacts if each in known], done, member, most)
        for member, contacts in near.items()
    }
    return {member: fitting for member, fitting in found.items() if fitting}


def among(
    giver_id: int, circle_id: int, contact_ids: Collection[int], now: datetime
) -> dict[int, tuple[Suggested, ...]]:
    """Return for each member who of these contacts of the giver fits them, the strongest first.

    Read as `suggest` is, in five statements.
    """
    fellows = _fellows(circle_id) if contact_ids else []
    sought = {one.id: one.terms for one in fellows if one.id != giver_id}
    if not sought:
        return {}
    done, known = past.read(giver_id, sought, now), _known(contact_ids, fellows)
    found = {
        member: _best(
            terms,
            [one for one in known.values() if one.id not in done.aside[member] | done.met[member]],
            done,
            member,
            len(known),
        )
        for member, terms in sought.items()
    }
    return {member: fitting for member, fitting in found.items() if fitting}


def one_each(
    giver_id: int, circle_id: int, member_ids: Collection[int], now: datetime
) -> dict[int, Suggested]:
    """Return for each of these members the one who fits best, those left out who should be spared."""
    found = suggest(giver_id, circle_id, member_ids, now, most=1) if member_ids else {}
    return {member: one for member, fitting in found.items() for one in unspared(fitting)}


def unspared(fitting: Iterable[Suggested]) -> tuple[Suggested, ...]:
    """Leave out those who were introduced often lately."""
    return tuple(one for one in fitting if not one.spared)


def chosen_among(offered: Iterable[Suggested], ref: str) -> Suggested | None:
    """Return the one picked of those offered, None for anybody else."""
    return next((one for one in offered if one.ref == ref), None)


@dataclass(frozen=True, slots=True)
class _Fellow:
    """Somebody who sits in the circle, and what they say of themselves."""

    id: int
    name_key: str
    email_key: str
    terms: MemberTerms


@dataclass(frozen=True, slots=True)
class _Known:
    """Somebody the giver knows, with what is kept of the texts about them."""

    id: int
    ref: str
    name_key: str
    contact: people.Contact
    terms: str


def _knows_anybody(giver_id: int) -> bool:
    """Say whether anything is known of anybody; most letters and pages go no further."""
    return db.session.connection().execute(_ANYBODY, {"giver_id": giver_id}).first() is not None


def _fellows(circle_id: int) -> list[_Fellow]:
    rows = db.session.connection().execute(_FELLOWS, {"circle_id": circle_id}).all()
    return [_Fellow(row[0], name_key(row[2]), row[1], read_member(people.Member(*row[2:]))) for row in rows]


def _index(giver_id: int, members: Collection[MemberTerms]) -> rules.Index[int]:
    """Find in the index whom these members might be introduced to."""
    vocabulary = _vocabulary(giver_id, {opening for one in members for opening in rules.openings(one)})
    wanted = {key for one in members for key in rules.asked(one, vocabulary)}
    index: rules.Index[int] = rules.Index()
    if wanted:
        asked = {"giver_id": giver_id, "keys": sorted(wanted)}
        rows = db.session.connection().execute(_FOUND_UNDER, asked)
        for key, contact_id in rows.all():
            index.by_key[key].append(contact_id)
    return index


def _vocabulary(giver_id: int, openings: Collection[str]) -> Sequence[str]:
    """Return the words about the giver's contacts that may be slips of what members say."""
    if not openings:
        return ()
    mine = select(_term.c.key).where(_term.c.person_id == giver_id)
    # One stretch of the index for each: an OR of them all would look at every term.
    stretches = (
        mine.where(_term.c.key >= opening, _term.c.key < f"{opening}\U0010ffff")
        for opening in sorted(openings)[:MOST_OPENINGS]
    )
    return db.session.connection().execute(union(*stretches)).scalars().all()


def _known(contact_ids: Collection[int], fellows: Iterable[_Fellow]) -> Mapping[int, _Known]:
    """Read these contacts, but for those who sit in the circle themselves: they fill no promise."""
    names, addresses = zip(*((one.name_key, one.email_key) for one in fellows), strict=True)
    rows = db.session.connection().execute(_NEAR, {"ids": sorted(contact_ids)})
    return {
        row[0]: _Known(row[0], row[1], row[2], people.Contact(*row[5:]), row[3])
        for row in rows.all()
        if row[2] not in names and row[4].casefold() not in addresses
    }


def _best(
    member: MemberTerms, known: Iterable[_Known], done: Past, member_id: int, most: int
) -> tuple[Suggested, ...]:
    new = {one: (one.contact, one.terms) for one in known if one.name_key not in done.names[member_id]}
    found = [
        (one.ref, one.fits, done.spared(one.ref.id, member_id)) for one in rules.suggestions(member, new)
    ]
    # The stronger comes first among those who may be introduced in peace.
    found.sort(key=lambda each: bool(each[2]))
    return tuple(
        Suggested(one.ref, one.contact.name, fits[0].sentence, _synergy(fits), spared)
        for one, fits, spared in found[:most]
    )


def _synergy(fits: Sequence[Fit]) -> Synergy | None:
    reasons = {one.value: one for one in Synergy}
    return next((reasons[fit.reason.value] for fit in fits if fit.reason.value in reasons), None)
