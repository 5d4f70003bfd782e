"""The daily letter: what is left to do today, and what happened meanwhile."""

from datetime import datetime

from circle.letters import links
from circle.letters.letter import Letter, NotWanted, to_member
from circle.letters.sections import Day, Reminder, day, reader_of
from circle.rules.wording import count_of
from circle.services.post.claims import Claimed

LONGEST_SUBJECT = 70


def daily_letter(mail: Claimed, now: datetime) -> Letter:
    """Write what is outstanding on a reminder day, and the news; raise NotWanted when neither is left."""
    person = reader_of(mail, now)
    today = day(mail, person, now)
    if not (today.reminders or today.sections):
        raise NotWanted("Nothing is outstanding any more, and there is no news.", news_waits=False)
    facts = {"day": today, "headline": _headline(today), "home_url": links.absolute("circles.list")}
    return to_member("daily", person, mail.kind, facts, list_id=f"daily-{person.public_id}")


def _headline(today: Day) -> str:
    if not today.reminders:
        return _first_news(today)
    if len(today.reminders) > 1:
        left = sum(len(each.open) + len(each.asking) for each in today.reminders)
        return f"{count_of(left, 'introduction').capitalize()} to make in your circles"
    return _left(today.reminders[0])


def _left(reminder: Reminder) -> str:
    if not reminder.open:
        [first, *more] = reminder.asking
        return f"Did {first.asked or 'they'} answer?" if not more else "Did they answer?"
    if len(reminder.open) == 1:
        return f"One more introduction to make: {reminder.open[0].first}"
    return f"{count_of(len(reminder.open), 'introduction').capitalize()} to make in {reminder.circle}"


def _first_news(today: Day) -> str:
    items = [item for section in today.sections for item in section.items]
    first, more = items[0].sentence.partition("; ")[0].rstrip("."), len(items) - 1
    said = f"{first}, and {count_of(more, 'more piece')} of news" if more else first
    return said if len(said) <= LONGEST_SUBJECT else f"{count_of(len(items), 'piece')} of news".capitalize()
