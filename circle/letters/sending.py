"""Sending: several connections to the mail server, each with a thread of its own, share one queue."""

import logging
import random
import threading
import time
from collections.abc import Iterator

from flask import Flask

from circle.letters import posting
from circle.letters.connection import Relay
from circle.letters.ledger import Ledger, Moment, lease
from circle.services.post import outbox
from circle.services.post.claims import Claimed
from circle.services.work import end_reading

FIRST_REST = 2.0
LONGEST_REST = 60.0
"""Seconds between two looks at a mail server that takes no mail at all."""
LOOK_AGAIN = 0.25
"""Seconds until a connection that was not needed looks whether it is now."""
STALLED = 0.5
"""Seconds without a mail gone after which the connections that work are taken to be held up."""
WORTH_ANOTHER = 0.2
"""The part of its time a connection waits for the mail server from which another one pays off."""

log = logging.getLogger(__name__)


class Way:
    """Whether the mail server can be reached, and how many connections there pay off.

    While it cannot be reached one connection looks, and ever more seldom. While it answers at once one is
    enough: several threads of one program would only wait for each other.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failures = 0
        self._next_look = 0.0
        self._working = 0
        self._waits = 0.0
        self._last_went = 0.0
        self._is_known = False

    def joins(self) -> bool:
        """Let in one more connection, to leave when it is done, unless those at work need no other."""
        with self._lock:
            idle = not self._working
            if idle:
                self._waits, self._last_went, self._is_known = 0.0, time.monotonic(), False
            held_up = time.monotonic() - self._last_went > STALLED
            if not (idle or held_up or self._waits >= WORTH_ANOTHER):
                return False
            self._working += 1
            return True

    def leaves(self) -> None:
        """Learn that a connection has nothing to do any more."""
        with self._lock:
            self._working -= 1

    def took(self, seconds: float, waited: float) -> None:
        """Learn how long one mail took in all, and how much of that the mail server."""
        with self._lock:
            self._last_went = time.monotonic()
            self._waits += 0.3 * (waited / max(seconds, 0.001) - self._waits)
            self._is_known = True

    def answers_at_once(self) -> bool:
        """Say whether the mail server is known to answer so fast that it is hardly waited for."""
        with self._lock:
            return self._is_known and self._waits < WORTH_ANOTHER

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
    """Posts one mail after the other over one connection.

    `is_spare` says that the last time it was not needed.
    """

    def __init__(self, moment: Moment, stop: threading.Event, way: Way) -> None:
        self.is_spare = False
        self._in_hand: Claimed | None = None
        self._stop = stop
        self._way = way
        self._ledger = Ledger(moment, self._goes_on, way.answers_at_once)

    def drain(self) -> Iterator[str]:
        """Post what is due until nothing is, the way is closed, or it is told to stop; say what was done."""
        self.is_spare = False
        if not self._goes_on():
            return
        if not self._way.joins():
            self.is_spare = True
            return
        try:
            if not self._way.is_open():
                return
            self._in_hand = outbox.claim(self._ledger.moment(), lease())
            if self._in_hand:
                with posting.relay() as relay:
                    yield from self._post(relay)
        finally:
            self._in_hand = None
            self._way.leaves()

    def give_back(self) -> None:
        """Give back what has not begun to go out, and note what has gone."""
        if self._in_hand:
            outbox.give_back(self._in_hand)
        self._ledger.end()

    def _post(self, relay: Relay) -> Iterator[str]:
        try:
            while self._in_hand:
                began = time.monotonic()
                if self._stop.is_set():
                    outbox.give_back(self._in_hand)
                    return
                posted = posting.post(self._in_hand, relay, self._ledger)
                self._in_hand = self._ledger.take_following()
                self._way.took(time.monotonic() - began, posted.waited)
                if posted.way_is_open is not None:
                    self._way.went(well=posted.way_is_open)
                yield posted.words
        finally:
            self._ledger.end()

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
            if thread.is_alive():
                sender.give_back()

    def _run(self, sender: Sender) -> None:
        while not self._stop.is_set():
            with self._app.app_context():
                _drain(sender)
            self._stop.wait(min(LOOK_AGAIN, self._pause) if sender.is_spare else self._pause)


def _drain(sender: Sender) -> None:
    try:
        for words in sender.drain():
            log.info(words)
    except Exception:
        # The database may be away for a moment; what was in hand is claimed again after its lease.
        log.exception("a sender was interrupted")
    finally:
        end_reading()
