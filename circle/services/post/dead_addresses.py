"""Dead addresses: a person whose mail came back gets no more until it is mended, and organisers know.

Mended means: a letter to the person was accepted after all, they changed their address, or they asked to
try again. A sign-in mail that was accepted mends nothing: anybody may ask for one, and mail servers often
accept first and send back later.
"""

from datetime import datetime

from sqlalchemy import bindparam, delete, exists, select, update

from circle.extensions import db
from circle.formats.addresses import address_key
from circle.models import Circle, Membership, News, Person
from circle.models.base import as_row
from circle.rules.states import NewsKind, Role
from circle.services.post import news
from circle.services.work import hold_circles_of, writing

_person, _membership = as_row(Person), as_row(Membership)
_circle, _news = as_row(Circle), as_row(News)
IS_REFUSED = exists().where(_person.c.id == bindparam("whose"), _person.c.mail_refused_at.is_not(None))
"""Whether mail to the person `whose` came back."""


def is_dead(email: str) -> bool:
    """Say whether somebody here has this address and mail to it came back."""
    refused = select(_person.c.id).where(
        _person.c.email_key == address_key(email), _person.c.mail_refused_at.is_not(None)
    )
    return db.session.execute(refused).first() is not None


def note(email: str, words: str, now: datetime) -> None:
    """Remember that an address takes no mail, and tell who organises. Inside a unit of work."""
    owner = db.session.scalar(select(_person.c.id).where(_person.c.email_key == address_key(email)))
    if owner is None:
        return
    hold_circles_of(owner)
    organisers = _organisers_of(owner)
    # Locked in order, so that two addresses refused at one moment do not wait for each other.
    whose = sorted({owner, *(person_id for person_id, _ in organisers)})
    db.session.execute(
        select(_person.c.id).where(_person.c.id.in_(whose)).order_by(_person.c.id).with_for_update()
    )
    refused = (
        update(_person)
        .where(_person.c.id == owner, _person.c.mail_refused_at.is_(None))
        .values(mail_refused_at=now, mail_refused_words=words[:300])
    )
    if db.session.execute(refused).rowcount:  # type: ignore[attr-defined] # a statement that writes has one
        for person_id, circle_id in organisers:
            news.tell(person_id, NewsKind.UNDELIVERABLE, circle_id=circle_id, about_id=owner, now=now)


def mend(person_id: int) -> None:
    """Let mail go to a person again, and tell nobody any more that it came back. Inside a unit of work."""
    mended = (
        update(_person)
        .where(_person.c.id == person_id, _person.c.mail_refused_at.is_not(None))
        .values(mail_refused_at=None, mail_refused_words="")
    )
    if db.session.execute(mended).rowcount:  # type: ignore[attr-defined] # a statement that writes has one
        untold = (_news.c.about_id == person_id, _news.c.kind == NewsKind.UNDELIVERABLE)
        db.session.execute(delete(_news).where(*untold, _news.c.outbox_id.is_(None)))


def try_again(person_id: int) -> None:
    """Let mail go to a person again, as they asked."""
    with writing():
        mend(person_id)


def _organisers_of(person_id: int) -> list[tuple[int, int]]:
    """Return who else organises the circles a person is in, with each circle."""
    own = _membership.alias()
    rows = db.session.execute(
        select(_membership.c.person_id, _membership.c.circle_id)
        .join(own, own.c.circle_id == _membership.c.circle_id)
        .join(_circle, _circle.c.id == _membership.c.circle_id)
        .where(
            own.c.person_id == person_id,
            own.c.left_at.is_(None),
            _membership.c.role == Role.ORGANISER,
            _membership.c.left_at.is_(None),
            _membership.c.person_id != person_id,
            _circle.c.archived_at.is_(None),
        )
    )
    return [(organiser, circle_id) for organiser, circle_id in rows]
