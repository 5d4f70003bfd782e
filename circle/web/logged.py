"""What a log did, in words: said in the row of each receiver, with the way to undo it."""

from collections.abc import Sequence

from flask import url_for
from markupsafe import Markup

from circle.rules.names import first_name
from circle.rules.wording import listed
from circle.services.giving.introductions import Logged
from circle.web.frame.told import tell


def tell_logged(logged: Logged, rows: Sequence[str]) -> None:
    """Say in the row of each receiver what was logged, with the way to undo it."""
    others = [
        Markup("You introduced {} to {}.").format(first_name(name), logged.contact_name)
        for name in logged.receivers[1:]
    ]
    for words, row, ref in zip((words_for(logged), *others), rows, logged.refs, strict=True):
        tell(words, row, undo=url_for("introductions.withdraw", ref=ref))


def words_for(logged: Logged) -> Markup:
    """Say what a log did."""
    whom = listed([first_name(name) for name in logged.receivers])
    said = Markup("You introduced {} to {}.").format(whom, logged.contact_name)
    if logged.fellow:
        said += Markup(" {} is in the circle too, so it is kept in your record and fills no promise.").format(
            logged.contact_name
        )
    elif logged.kept:
        kept_for = listed([first_name(name) for name in logged.kept])
        said += f" For {kept_for} it is kept in your record: the next round offers to count it."
    elif logged.extra:
        said += " That is an extra one: thank you."
    elif logged.late:
        said += " It was made after the due day, so it counts as late."
    return said
