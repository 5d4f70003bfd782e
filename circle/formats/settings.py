"""How the text of a setting is read; each reader raises ValueError with words for the operator."""

from collections.abc import Callable
from ipaddress import ip_address


def whole(low: int, high: int) -> Callable[[str], int]:
    """Return a reader of whole numbers from low to high."""

    def read(text: str) -> int:
        number = int(text) if text.isascii() and text.isdigit() else low - 1
        if not low <= number <= high:
            raise ValueError(f"give a whole number from {low} to {high}")
        return number

    return read


def seconds(text: str) -> float:
    """Read a positive number of seconds."""
    number = float(text) if text.replace(".", "", 1).isdigit() else 0.0
    if not 0 < number <= 3600:
        raise ValueError("give a number of seconds above 0, at most 3600")
    return number


def switch(text: str) -> bool:
    """Read yes or no."""
    if text.lower() in {"1", "true", "yes", "on"}:
        return True
    if text.lower() in {"0", "false", "no", "off", ""}:
        return False
    raise ValueError("give yes or no")


def database(text: str) -> str:
    """Read the address of a database of one of the two kinds."""
    if not text.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ValueError("give sqlite:////path/to/circle.db or postgresql+psycopg://user@host/name")
    return text


def mode(text: str) -> str:
    """Read the mode."""
    if text not in {"local", "production"}:
        raise ValueError("give local or production")
    return text


def is_loopback(host: str) -> bool:
    """Say whether a host is this machine itself."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
