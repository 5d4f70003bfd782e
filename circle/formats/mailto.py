"""A mailto link: a mail begun in the reader's own mail program (RFC 6068)."""

from collections.abc import Sequence
from urllib.parse import quote


def mailto(to: Sequence[str], subject: str, text: str) -> str:
    """Return the link; lines end with %0D%0A, and everything a program could misread is encoded."""
    body = "\r\n".join(text.splitlines())
    addresses = ",".join(quote(each, safe="@") for each in to)
    return f"mailto:{addresses}?subject={quote(subject, safe='')}&body={quote(body, safe='')}"
