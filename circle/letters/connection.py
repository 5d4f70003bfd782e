"""Giving mails to the mail server that Flask-Mail's settings name, many over one kept connection."""

import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol, Self

import flask_mail

from circle.letters.line import Deadlines, Line, TlsLine
from circle.letters.outcomes import Delivery, Outcome, Stage, answered, dropped, not_connected


class MailSettings(Protocol):
    """What Flask-Mail keeps in `app.extensions["mail"]`, as far as sending needs it."""

    server: str
    port: int | None
    use_tls: bool
    use_ssl: bool
    username: str | None
    password: str | None
    max_emails: int | None
    suppress: bool


class Relay:
    """Give mails to the mail server; open it with `with`, so that it is told goodbye at the end."""

    def __init__(
        self, settings: MailSettings, deadlines: Deadlines | None = None, tls: ssl.SSLContext | None = None
    ) -> None:
        self._settings = settings
        self._connection = Connection(settings, deadlines or Deadlines(), tls)
        self._sent_on_line = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._say_goodbye()

    def send(self, wire: bytes, sender: str, recipient: str, on_data_begin: Callable[[], None]) -> Delivery:
        """Try once to send the mail and say what came of it; `on_data_begin` runs right before DATA."""
        unfit = self._unfit(sender, recipient)
        if unfit:
            return unfit
        try:
            delivery = self._attempt(wire, sender, recipient, on_data_begin)
        except BaseException:
            self._connection.drop()
            raise
        self._tidy(delivery)
        return delivery

    def _unfit(self, sender: str, recipient: str) -> Delivery | None:
        if self._settings.suppress:
            return Delivery(Outcome.CONFIGURATION, "Sending is switched off by MAIL_SUPPRESS_SEND.")
        if not _is_plain(sender):
            return Delivery(Outcome.CONFIGURATION, "The sender's address cannot be given to a mail server.")
        if not _is_plain(recipient):
            words = "This address cannot be given to a mail server."
            return Delivery(Outcome.RECIPIENT_REFUSED, words, address_is_dead=True)
        return None

    def _attempt(
        self, wire: bytes, sender: str, recipient: str, on_data_begin: Callable[[], None]
    ) -> Delivery:
        try:
            line, code, answer = self._begin(sender)
        except (OSError, UnicodeError) as error:
            return not_connected(error)
        if code // 100 != 2:
            return answered(Stage.SENDER, code, answer)
        try:
            return _converse(line, wire, recipient, on_data_begin)
        except smtplib.SMTPServerDisconnected as error:
            return dropped(f"The connection to the mail server broke: {error}.")

    def _begin(self, sender: str) -> tuple[Line, int, bytes]:
        kept = self._connection.host
        # Servers close a line that was idle or carried many mails: no reason to put off the next one.
        with suppress(smtplib.SMTPServerDisconnected):
            if kept and (reply := kept.mail(sender))[0] != 421:
                return kept, *reply
        self._connection.drop()
        self._sent_on_line = 0
        line = self._connection.host = self._connection.configure_host()
        return line, *line.mail(sender)

    def _tidy(self, delivery: Delivery) -> None:
        line = self._connection.host
        if delivery.outcome is Outcome.SENT:
            self._sent_on_line += 1
            if self._sent_on_line == self._settings.max_emails:
                self._say_goodbye()
        elif not (line and _is_clear(delivery) and _starts_over(line)):
            self._connection.drop()

    def _say_goodbye(self) -> None:
        self._connection.__exit__(None, None, None)


class Connection(flask_mail.Connection):
    """Flask-Mail's connection with deadlines, checked certificates and a goodbye that cannot fail."""

    host: Line | None

    def __init__(self, mail: MailSettings, deadlines: Deadlines, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(mail)  # type: ignore[arg-type]  # at run time it is this state, not Mail
        self._deadlines = deadlines
        self._tls = tls or ssl.create_default_context()

    def __exit__(self, *_: object) -> None:
        # Everything has been answered by now, so a broken goodbye takes nothing back.
        with suppress(OSError):
            if self.host:
                self.host.quit()
        self.drop()

    def configure_host(self) -> Line:
        """Return a line that is connected, encrypted if so set, and signed in; raise OSError if not."""
        line = self._dial()
        try:
            self._introduce(line)
        except BaseException:
            line.close()
            raise
        return line

    def drop(self) -> None:
        """Close the line without a goodbye, if there is one."""
        if self.host:
            self.host.close()
        self.host = None

    # Without Flask-Mail's set_debuglevel: it prints the password and every letter.
    def _dial(self) -> Line:
        server, port = self.mail.server, self.mail.port or 0
        if self.mail.use_ssl:
            return TlsLine(server, port, self._deadlines, context=self._tls)
        return Line(server, port, self._deadlines)

    def _introduce(self, line: Line) -> None:
        # smtplib refuses to go on in plain text when the server offers no STARTTLS.
        if self.mail.use_tls and not self.mail.use_ssl:
            line.starttls(context=self._tls)
        line.ehlo_or_helo_if_needed()
        if self.mail.username and self.mail.password:
            line.login(self.mail.username, self.mail.password)


def _converse(line: Line, wire: bytes, recipient: str, on_data_begin: Callable[[], None]) -> Delivery:
    code, answer = line.rcpt(recipient)
    if code // 100 != 2:
        return answered(Stage.RECIPIENT, code, answer)
    on_data_begin()
    code, answer = line.docmd("DATA")
    if code >= 400:
        return answered(Stage.DATA, code, answer)
    if code != 354:
        raise smtplib.SMTPServerDisconnected("its answer to DATA made no sense")
    return _hand_over(line, wire)


def _hand_over(line: Line, wire: bytes) -> Delivery:
    try:
        code, answer = line.hand_over(wire)
    except smtplib.SMTPServerDisconnected as error:
        return Delivery(Outcome.UNKNOWN, f"The mail was handed over, but no answer came: {error}.")
    if 300 <= code < 400:
        return Delivery(Outcome.UNKNOWN, "The mail was handed over, but the answer made no sense.")
    return answered(Stage.FINAL, code, answer)


def _is_clear(delivery: Delivery) -> bool:
    return delivery.code is not None and delivery.code >= 400 and delivery.code != 421


def _starts_over(line: Line) -> bool:
    try:
        return line.rset()[0] == 250
    except smtplib.SMTPServerDisconnected:
        return False


def _is_plain(address: str) -> bool:
    # What smtplib would put on the wire has to be this address and nothing else.
    visible = "@" in address and address.isascii() and address.isprintable() and " " not in address
    return visible and smtplib.quoteaddr(address) == f"<{address}>" and not set(address) & set("<>")
