"""A mailto link: a mail begun in the reader's own mail program (RFC 6068)."""

from urllib.parse import quote


def mailto(to: str, subject: str, text: str) -> str:
    """Return the link; lines end with %0D%0A, and everything a program could misread is encoded."""
    body = "\r\n".join(text.splitlines())
    return f"mailto:{quote(to, safe='@')}?subject={quote(subject, safe='')}&body={quote(body, safe='')}"
