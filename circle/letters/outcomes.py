"""What came of giving one mail to the mail server, read from its answers and its silence."""

import re
import smtplib
import socket
import ssl
from dataclasses import dataclass
from enum import Enum

from circle.formats.message import header_text


class Outcome(Enum):
    """How one attempt ended, and so what the outbox does next."""

    SENT = "sent"
    RETRY = "retry"  # nothing was handed over; later it may work
    UNKNOWN = "unknown"  # handed over, and the answer never came
    RECIPIENT_REFUSED = "recipient refused"
    MAIL_REFUSED = "mail refused"
    CONFIGURATION = "configuration"  # would happen to every mail: the queue waits for the operator


class Stage(Enum):
    """What the mail server was answering to."""

    SENDER = "sender"
    RECIPIENT = "recipient"
    DATA = "data"
    FINAL = "final"


@dataclass(frozen=True)
class Delivery:
    """One attempt's outcome, in words for the operator, with the server's three-digit code if it gave one.

    `way_is_closed` says that no mail would have got to its DATA: this one keeps its place in the queue.
    """

    outcome: Outcome
    words: str
    code: int | None = None
    address_is_dead: bool = False
    way_is_closed: bool = False


SERVER_IS_CLOSING = 421
# RFC 4954: all four say that this site has to sign in, or to do it in another way.
_SIGN_IN_FIRST = frozenset({530, 534, 535, 538})
_RENEW = "Whoever runs the mail server has to renew it."
_NOT_VOUCHED_FOR = "Nobody this machine trusts vouches for it; SSL_CERT_FILE can name what to trust."
_OTHER_NAME = "It is for another name: set MAIL_SERVER to the name in it."
_CERTIFICATES = {
    10: _RENEW,
    18: _NOT_VOUCHED_FOR,
    19: _NOT_VOUCHED_FOR,
    20: _NOT_VOUCHED_FOR,
    62: _OTHER_NAME,
    64: _OTHER_NAME,
}
"""What to do, by the number that OpenSSL gives the fault of a certificate."""
_NO_SUCH_MAILBOX = frozenset({550, 551, 553})
_ABOUT_THE_SENDER = ("5.1.7", "5.1.8", "5.7.")


def answered(stage: Stage, code: int, answer: bytes) -> Delivery:
    """Judge the mail server's answer: 2xx is success here, so callers pass on what ends the attempt."""
    words = f"The mail server answered {_quoted(code, answer)}"
    if code < 300:
        return Delivery(Outcome.SENT, words, code)
    if code < 500:
        closed = stage is Stage.SENDER or (stage is Stage.RECIPIENT and code == SERVER_IS_CLOSING)
        return Delivery(Outcome.RETRY, words, code, way_is_closed=closed)
    if code in _SIGN_IN_FIRST:
        return Delivery(Outcome.CONFIGURATION, f"{words} Check MAIL_USERNAME and MAIL_PASSWORD.", code)
    if stage is Stage.SENDER and _is_about_the_sender(code, answer):
        return Delivery(Outcome.CONFIGURATION, f"{words} It refuses MAIL_DEFAULT_SENDER as sender.", code)
    if stage is Stage.RECIPIENT:
        return Delivery(Outcome.RECIPIENT_REFUSED, words, code, _is_dead(code, answer))
    return Delivery(Outcome.MAIL_REFUSED, words, code)


def not_connected(error: Exception) -> Delivery:
    """Judge why no connection fit for sending came about."""
    match error:
        case ssl.SSLError():
            return _not_encrypted(error)
        case smtplib.SMTPResponseException():
            return _turned_away(error)
        case smtplib.SMTPNotSupportedError() if "STARTTLS" in str(error):
            return _misconfigured("It offers no STARTTLS there: check MAIL_PORT, which is often 587 then.")
        case smtplib.SMTPException() if not isinstance(error, smtplib.SMTPServerDisconnected):
            return _misconfigured(f"{str(error).rstrip('.')}.")
        case UnicodeError():
            return _misconfigured("MAIL_USERNAME and MAIL_PASSWORD may hold plain ASCII characters only.")
    return _unreached(f"The mail server could not be reached: {_silence(error)}")


def dropped(words: str) -> Delivery:
    """Return the outcome of a connection that ended before the mail was handed over."""
    return Delivery(Outcome.RETRY, words)


def _silence(error: Exception) -> str:
    match error:
        case socket.gaierror():
            return "its name was not found. Check MAIL_SERVER."
        case ConnectionRefusedError():
            return "the connection was refused. Check MAIL_SERVER and MAIL_PORT."
        case ConnectionResetError() | BrokenPipeError():
            return "it went away."
        case TimeoutError():
            return "it timed out. Check MAIL_SERVER, MAIL_PORT, and whether a firewall stands between."
    return f"{error}."


def _unreached(words: str) -> Delivery:
    return Delivery(Outcome.RETRY, words, way_is_closed=True)


def _not_encrypted(error: ssl.SSLError) -> Delivery:
    match error:
        case ssl.SSLCertVerificationError():
            said = error.verify_message.strip().rstrip(".")
            hint = _CERTIFICATES.get(error.verify_code, "")
            return _misconfigured(f"Its certificate was not accepted: {said}. {hint}".rstrip())
        case ssl.SSLEOFError() | ssl.SSLZeroReturnError():
            return _unreached("The mail server went away before the connection was encrypted.")
    return _misconfigured("It speaks no TLS there: check MAIL_USE_TLS, MAIL_USE_SSL and MAIL_PORT.")


def _turned_away(error: smtplib.SMTPResponseException) -> Delivery:
    code, answer = _answer(error)
    # A greeting that says no is about this moment or this machine, whatever its code.
    if code < 500 or isinstance(error, smtplib.SMTPConnectError):
        words = f"The mail server answered {_quoted(code, answer)}"
        return Delivery(Outcome.RETRY, words, code, way_is_closed=True)
    hint = " Check MAIL_USERNAME and MAIL_PASSWORD." if code in _SIGN_IN_FIRST else ""
    return _misconfigured(f"It answered {_quoted(code, answer)}{hint}", code)


def _misconfigured(words: str, code: int | None = None) -> Delivery:
    return Delivery(Outcome.CONFIGURATION, f"The mail server cannot be used as it is set up. {words}", code)


def _is_about_the_sender(code: int, answer: bytes) -> bool:
    return code in _NO_SUCH_MAILBOX or _enhanced(answer).startswith(_ABOUT_THE_SENDER)


def _is_dead(code: int, answer: bytes) -> bool:
    enhanced = _enhanced(answer)
    if enhanced:
        return enhanced.startswith("5.1.") and not enhanced.startswith(_ABOUT_THE_SENDER)
    return code in _NO_SUCH_MAILBOX


def _enhanced(answer: bytes) -> str:
    found = re.match(rb"[245]\.\d{1,3}\.\d{1,3}\b", answer)
    return found[0].decode("ascii") if found else ""


def _answer(error: smtplib.SMTPResponseException) -> tuple[int, bytes]:
    answer = error.smtp_error
    return error.smtp_code, answer if isinstance(answer, bytes) else answer.encode()


def _quoted(code: int, answer: bytes) -> str:
    said = header_text(answer.decode("utf-8", "replace")).rstrip(".")
    return f"{code} {said}".rstrip() + "."
