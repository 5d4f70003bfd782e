"""A test client that fills in forms as a browser would: with the page's token."""

import hashlib
import secrets
from typing import Any

from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse


class Client(FlaskClient):
    """A browser without pictures; each one has its own cookies."""

    def submit(self, url: str, form: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        """POST a form with the token that its page would hold."""
        return self.post(url, data={"csrf_token": self._token(), **(form or {})}, **options)

    def _token(self) -> str:
        with self.session_transaction() as session:
            raw = session.setdefault("csrf_token", hashlib.sha256(secrets.token_bytes(32)).hexdigest())
        return URLSafeTimedSerializer(self.application.secret_key, salt="wtf-csrf-token").dumps(raw)  # type: ignore[arg-type]
