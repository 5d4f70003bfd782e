"""The worker: one pass opens, closes, writes and sends what is due now; the loop passes again and again."""

import logging
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from flask import current_app

from circle import clock
from circle.config import Settings
from circle.letters import posting
from circle.rules.limits import Limits
from circle.services.membership import absences, archiving
from circle.services.post import daily, outbox, plans
from circle.services.rounds import turns
from circle.services.running import site
from circle.services.work import end_reading

log = logging.getLogger(__name__)


def tick(now: datetime) -> list[str]:
    """Do one pass as of a moment and say in words what was done."""
    done = list(_pass(lambda: now, threading.Event()))
    site.record_tick(clock.now())
    return done


def plan(now: datetime) -> list[str]:
    """Say in words what one pass would do as of a moment, and change nothing."""
    return plans.of_a_pass(now)


def run(stop: threading.Event) -> None:
    """Pass until told to stop, or until the program that started this one is gone."""
    _stop_on_signals(stop)
    parent = os.getppid()
    while not stop.is_set() and os.getppid() == parent:
        _pass_once(stop)
        stop.wait(current_app.config["WORKER_SECONDS"])


def _pass_once(stop: threading.Event) -> None:
    try:
        for words in _pass(clock.now, stop):
            log.info(words)
        site.record_tick(clock.now())
    except Exception:
        # The database may be away for a moment: the next pass looks again.
        log.exception("this pass ended early")
    finally:
        end_reading()


def _pass(moment: Callable[[], datetime], stop: threading.Event) -> Iterator[str]:
    now, limits = moment(), _limits()
    yield from _each(absences.people_turning(now), lambda one: absences.turn(one, now))
    yield from _each(turns.circles_to_open(now), lambda one: turns.open_due(one, now, limits))
    yield from _each(turns.rounds_to_turn(now), lambda one: turns.turn(one, now))
    yield from _each(daily.people_due(now), lambda one: _write_daily(one, now))
    yield from _each(archiving.circles_to_erase(now), lambda one: archiving.erase(one, now))
    yield from _settle_lost(now)
    if _settings().sends_mail or _settings().local:
        yield from _post(moment, stop)


def _each(due: Iterable[int], do: Callable[[int], str]) -> Iterator[str]:
    for one in due:
        try:
            words = do(one)
        except Exception:
            # What is wrong with one circle must not keep the others waiting.
            log.exception("one piece of work failed")
            words = "Something failed; the log says what."
        if words:
            yield words


def _write_daily(person_id: int, now: datetime) -> str:
    return f"Wrote the daily letter of person {person_id}." if daily.write_daily(person_id, now) else ""


def _settle_lost(now: datetime) -> Iterator[str]:
    lost = outbox.sweep(now)
    if lost:
        yield f"Gave up {lost} mails that ran out or may not have arrived."


def _post(moment: Callable[[], datetime], stop: threading.Event) -> Iterator[str]:
    with posting.relay() as relay:
        while not stop.is_set():
            mail = outbox.claim(moment(), posting.lease())
            if mail is None:
                return
            if stop.is_set():
                outbox.give_back(mail, moment())
                return
            yield posting.post(mail, relay, moment())


def _limits() -> Limits:
    settings = _settings()
    return Limits(settings["CIRCLE_MIN_MEMBERS"], settings["CIRCLE_MAX_MEMBERS"])


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _stop_on_signals(stop: threading.Event) -> None:
    # The mail being sent is finished; nothing else has been claimed.
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
