"""Static files under addresses that change with their contents."""

import functools
import hashlib
from pathlib import Path

from flask import current_app, url_for


def asset(path: str) -> str:
    """Return the address of a static file, with a hash of its bytes."""
    folder = current_app.static_folder
    if folder is None:
        raise RuntimeError("the app has no static folder")
    return url_for("static", filename=path, v=_hash(folder, path))


@functools.lru_cache(maxsize=256)
def _hash(folder: str, path: str) -> str:
    return hashlib.sha256((Path(folder) / path).read_bytes()).hexdigest()[:12]
