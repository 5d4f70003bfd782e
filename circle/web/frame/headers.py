"""The headers of every answer: what a page may load, and what nobody may keep."""

from flask import Flask, Response, request

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


def wire(app: Flask) -> None:
    """Send the headers with every answer of this app."""

    @app.after_request
    def add(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        if app.config["SESSION_COOKIE_SECURE"]:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if request.endpoint == "static":
            _keep_when_hashed(response)
        else:
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def _keep_when_hashed(response: Response) -> None:
    # A font is named in the style sheet, so a new one gets a new name instead of a hash.
    if request.args.get("v") or request.path.endswith(".woff2"):
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
