"""What a page says once about what has just been done, where it was done, with the way to undo it."""

from flask import flash

HERE = "message"


def tell(words: str, at: str = "", undo: str = "", undo_label: str = "Undo") -> None:
    """Say on the next page what was done.

    `at` is the id of the row that changed: a page that has it says it there, any other one at its top.
    `undo` is an address to which one button posts.
    """
    message = {"words": words, "undo": undo, "label": undo_label} if undo else words
    flash(message, at or HERE)  # type: ignore[arg-type] # a session keeps a dictionary as well as a text
