"""What people might type, or paste, to make a mail say or do something else."""

from hypothesis import strategies as st

TRICKS = [
    "\r\nBcc: eve@example.com\r\n",
    "\nBcc: eve@example.com",
    "\x0bBcc: eve@example.com",
    "\x1cBcc: eve@example.com",
    "\u2028Bcc: eve@example.com\u2029",
    "\x85To: eve@example.com",
    "\r\n\r\n<html>",
    "\r\n.\r\nMAIL FROM:<eve@example.com>\r\n",
    "=?utf-8?q?a=0ABcc:eve@example.com?=",
    "=?utf-8?b?CkJjYzogZXZl?=",
    "=\x00?utf-8?q?=0A?=",
    "=\u200b?utf-8?q?=0A?=",
    "evil@bank.example> <",
    '", eve@example.com, "',
    "\u202egro.elpmaxe@eve\u202c",
    "\u2066\u200f\u061c",
    "\ud800",
    "\udcff",
    "ü" * 500,
    "w" * 1200,
    "--=_",
    "{{ 7 * 7 }}{% raw %}",
    "<script>",
    "\\",
    '"',
    ", ",
    " ",
    "🎉",
    "e\u0301",
]

piece = st.one_of(st.characters(), st.sampled_from(TRICKS))
hostile = st.lists(piece, max_size=8).map("".join)
"""One field as somebody hostile fills it in."""


def fields(count: int) -> st.SearchStrategy[tuple[str, ...]]:
    """Return several fields filled in by somebody hostile."""
    pieces = st.lists(piece, max_size=4 * count)
    return pieces.map(lambda dealt: tuple("".join(dealt[at::count]) for at in range(count)))
