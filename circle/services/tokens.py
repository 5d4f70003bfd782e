"""Secrets and signed links: random tokens kept as hashes, and links that hold what they open."""

import hashlib
import secrets
from functools import lru_cache
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U."""
MISREAD = str.maketrans("ILO", "110")


def new_token() -> str:
    """Return 256 random bits, fit for a URL."""
    return secrets.token_urlsafe(32)


def new_code() -> str:
    """Return 40 random bits as a code to type, ABCD-EFGH."""
    letters = [secrets.choice(CODE_ALPHABET) for _ in range(8)]
    return "".join(letters[:4]) + "-" + "".join(letters[4:])


def plain_code(typed: str) -> str:
    """Return a typed code as it was made: any case, spaces or dashes, and I, L, O read as 1, 1, 0."""
    letters = [letter for letter in typed.upper().translate(MISREAD) if letter in CODE_ALPHABET]
    return "".join(letters[:4]) + "-" + "".join(letters[4:])


def hashed(secret: str) -> str:
    """Return the SHA-256 of a secret in hex: what the database keeps."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def sign(key: str, purpose: str, *facts: Any) -> str:
    """Return a link's token that holds these facts, signed for this purpose."""
    return _signer(key, purpose).dumps(list(facts))


def read_signed(key: str, purpose: str, token: str) -> list[Any] | None:
    """Return the facts in a signed token, None when it is forged or for another purpose."""
    try:
        facts = _signer(key, purpose).loads(token)
    except BadData:
        return None
    return facts if isinstance(facts, list) else None


@lru_cache
def _signer(key: str, purpose: str) -> URLSafeSerializer:
    return URLSafeSerializer(key, salt=purpose, signer_kwargs={"digest_method": hashlib.sha256})
