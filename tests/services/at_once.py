"""Several calls at the same moment, each in a thread and a connection of its own."""

import threading
from collections.abc import Callable

from flask import Flask

from circle.extensions import db


def at_once(app: Flask, *calls: Callable[[], object]) -> list[Exception | None]:
    """Run the calls at the same moment and return what each raised, None where it went well."""
    outcomes: list[Exception | None] = [None] * len(calls)
    barrier = threading.Barrier(len(calls))

    def run(at: int) -> None:
        with app.app_context():
            barrier.wait()
            try:
                calls[at]()
            except Exception as error:
                outcomes[at] = error
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(at,)) for at in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
