"""Mail servers that swallow everything: one takes the call and says nothing, one never takes the call."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from tests.scripted_server import SILENCE, ScriptedServer


@contextmanager
def silent() -> Iterator[int]:
    """Take every call, and never say a word; the value is the port."""
    with ScriptedServer(greeting=SILENCE) as server:
        yield server.port


@contextmanager
def never_taking() -> Iterator[int]:
    """Answer no packet, as an address behind which there is nothing: the queue of callers is full."""
    with ExitStack() as open_sockets:
        listener = open_sockets.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(4):
            caller = open_sockets.enter_context(socket.socket())
            caller.setblocking(False)
            caller.connect_ex(listener.getsockname())
        yield int(listener.getsockname()[1])
