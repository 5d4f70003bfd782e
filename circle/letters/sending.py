"""Sending: several connections to the mail server, each with a thread of its own, share one queue."""

import logging
import random
import threading
import time
from collections.abc import Iterator

from flask import Flask

from circle.letters import posting
from circle.letters.connection import Relay
from circle.letters.endings import Moment, lease
from circle.services.post import outbox
from circle.services.post.claims import Claimed
from circle.services.work import end_reading

FIRST_REST = 2.0
LONGEST_REST = 60.0
"""Seconds between two looks at a mail server that takes no mail at all."""

log = logging.getLogger(__name__)


class Way:
    """Whether the mail server can be reached: while it cannot, one connection looks, and ever more seldom."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failures = 0
        self._next_look = 0.0

    def is_open(self) -> bool:
        """Say whether a mail may be tried now; while the way is closed one caller a rest is let through."""
        with self._lock:
            if not self._failures:
                return True
            if time.monotonic() < self._next_look:
                return False
            self._rest(self._failures + 1)
            return True

    def went(self, *, well: bool) -> None:
        """Learn how a try went; of several connections that fail at one moment, one counts."""
        with self._lock:
            if well:
                self._failures = 0
            elif not self._failures:
                self._rest(1)

    def _rest(self, failures: int) -> None:
        self._failures = failures
        longest = min(LONGEST_REST, FIRST_REST * 2.0 ** min(failures - 1, 10))
        # Spread out, so that several workers do not come back together.
        self._next_look = time.monotonic() + longest * random.uniform(0.5, 1)  # noqa: S311 - no secret


class Sender:
    """Posts one mail after the other over one connection; `in_hand` is the one it has claimed."""

    def __init__(self, moment: Moment, stop: threading.Event, way: Way) -> None:
        self.in_hand: Claimed | None = None
        self._moment = moment
        self._stop = stop
        self._way = way

    def drain(self) -> Iterator[str]:
        """Post what is due until nothing is, the way is closed, or it is told to stop; say what was done."""
        if not self._goes_on() or not self._way.is_open():
            return
        self.in_hand = outbox.claim(self._moment(), lease())
        if self.in_hand:
            with posting.relay() as relay:
                yield from self._post(relay)

    def _post(self, relay: Relay) -> Iterator[str]:
        while self.in_hand:
            if self._stop.is_set():
                outbox.give_back(self.in_hand)
                self.in_hand = None
                return
            posted = posting.post(self.in_hand, relay, self._moment, self._goes_on)
            self.in_hand = posted.following
            if posted.way_is_open is not None:
                self._way.went(well=posted.way_is_open)
            yield posted.words

    def _goes_on(self) -> bool:
        return not self._stop.is_set()


class Senders:
    """As many senders as there may be connections, each in a thread with an app context of its own."""

    def __init__(self, app: Flask, count: int, moment: Moment, pause_seconds: float) -> None:
        self._app = app
        self._pause = pause_seconds
        self._stop = threading.Event()
        way = Way()
        self._senders = [Sender(moment, self._stop, way) for _ in range(count)]
        # Daemons: one that waits for a silent mail server must not keep the program from ending.
        self._threads = [
            threading.Thread(target=self._run, args=(sender,), name=f"sender-{number}", daemon=True)
            for number, sender in enumerate(self._senders, 1)
        ]

    def start(self) -> None:
        """Begin to send."""
        for thread in self._threads:
            thread.start()

    def tell_to_stop(self) -> None:
        """Let each sender finish the mail it has in hand and claim no other."""
        self._stop.set()

    def end(self, until: float) -> None:
        """Wait for the senders until this time of `time.monotonic`, then give back what has not begun.

        A mail whose DATA has begun stays started: nobody knows yet whether it arrived.
        """
        self.tell_to_stop()
        for sender, thread in zip(self._senders, self._threads, strict=True):
            thread.join(max(0.0, until - time.monotonic()))
            if thread.is_alive() and sender.in_hand:
                outbox.give_back(sender.in_hand)

    def _run(self, sender: Sender) -> None:
        while not self._stop.is_set():
            with self._app.app_context():
                _drain(sender)
            self._stop.wait(self._pause)


def _drain(sender: Sender) -> None:
    try:
        for words in sender.drain():
            log.info(words)
    except Exception:
        # The database may be away for a moment; what was in hand is claimed again after its lease.
        log.exception("a sender was interrupted")
    finally:
        sender.in_hand = None
        end_reading()
