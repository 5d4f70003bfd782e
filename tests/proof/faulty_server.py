"""A mail server of which each address says how it treats the first try; it notes every try and every copy."""

import asyncio
import hashlib
import random
import re
import threading
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from typing import Self

HEALTHY = "fine"
LATER = ("later-rcpt", "later-data", "later-body")
DROPS = ("drop-rcpt", "drop-data", "drop-half")
SLOW = ("slow", "late")
SWALLOWS = ("swallow",)
"""Takes the mail, and hangs up without a word; `late` takes it too, and answers when nobody listens."""
FAULTS = (LATER, DROPS, SLOW, SWALLOWS)
KEPT_IN_SILENCE = {"swallow", "late"}


class Reached(Enum):
    """How far one try got."""

    RCPT = "the recipient was taken"
    DATA = "DATA began"
    WHOLE = "the whole mail was there"
    ANSWERED = "it was answered"


@dataclass
class Try:
    """One try to hand over one mail; `refused` when the server said no, or hung up on purpose."""

    reached: Reached = Reached.RCPT
    refused: bool = False


@dataclass
class Seen:
    """What the server knows in the end."""

    tries: dict[str, list[Try]] = field(default_factory=dict)
    copies: Counter[str] = field(default_factory=Counter)
    """Kept mails by recipient."""
    digests: dict[str, set[str]] = field(default_factory=dict)
    swallowed: int = 0
    connections: int = 0


class FaultyServer:
    """Listen between `with`; every answer takes a few milliseconds, as with a relay far away."""

    def __init__(self, final_deadline: float) -> None:
        self.seen = Seen()
        self.port = 0
        self._final_deadline = final_deadline
        self._met: set[str] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run)
        self._ready, self._over = threading.Event(), asyncio.Event()

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join()
        self._loop.close()

    def _run(self) -> None:
        self._loop.run_until_complete(self._serve())

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._take, "127.0.0.1", 0, limit=2**22)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._over.wait()
        server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.seen.connections += 1
        try:
            with suppress(OSError, asyncio.IncompleteReadError):
                await _Conversation(self, reader, writer).go_on()
        finally:
            writer.close()

    def fault_of(self, recipient: str) -> str:
        """Say how to treat this try: only the first one is treated badly."""
        if recipient in self._met:
            return HEALTHY
        self._met.add(recipient)
        return recipient.partition("@")[0].partition(".")[2] or HEALTHY

    @property
    def patience(self) -> float:
        """Seconds after which nobody waits for an answer any more, with room."""
        return self._final_deadline * 2


class _Conversation:
    def __init__(
        self, server: FaultyServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._server, self._reader, self._writer = server, reader, writer
        self._fault = HEALTHY
        self._recipient = ""
        self._try = Try()

    async def go_on(self) -> None:
        await self._say("220 ready")
        while line := await self._reader.readline():
            verb = line.split()[0].decode("ascii").lower() if line.split() else ""
            if verb == "data":
                if not await self._data():
                    return
            elif not await self._answer(verb, line):
                return

    async def _answer(self, verb: str, line: bytes) -> bool:
        if verb == "rcpt":
            return await self._rcpt(line)
        if verb == "quit":
            await self._say("221 goodbye")
            return False
        await self._say("250 fine")
        return True

    async def _rcpt(self, line: bytes) -> bool:
        [recipient] = re.findall(r"<(.+?)>", line.decode("ascii"))
        self._recipient, self._fault = recipient, self._server.fault_of(recipient)
        self._try = Try()
        if self._fault == "drop-rcpt":
            return False
        if self._fault == "later-rcpt":
            await self._say("450 later")
            return True
        self._server.seen.tries.setdefault(recipient, []).append(self._try)
        await self._say("250 fine")
        return True

    async def _data(self) -> bool:
        self._try.reached = Reached.DATA
        if self._fault == "later-data":
            return await self._refuse("450 later")
        if self._fault == "drop-data":
            return await self._refuse(None)
        await self._say("354 go on")
        if self._fault == "drop-half":
            await self._reader.readline()
            return await self._refuse(None)
        body = await self._reader.readuntil(b"\r\n.\r\n")
        self._try.reached = Reached.WHOLE
        if self._fault == "later-body":
            return await self._refuse("450 later")
        self._keep(body)
        return await self._confirm()

    def _keep(self, body: bytes) -> None:
        seen = self._server.seen
        seen.copies[self._recipient] += 1
        seen.digests.setdefault(self._recipient, set()).add(hashlib.sha256(body).hexdigest())

    async def _confirm(self) -> bool:
        if self._fault in KEPT_IN_SILENCE:
            self._server.seen.swallowed += 1
        if self._fault == "swallow":
            return False
        if self._fault == "late":
            await asyncio.sleep(self._server.patience)
        if self._fault == "slow":
            await asyncio.sleep(self._server.patience / 6)
        self._try.reached = Reached.ANSWERED
        await self._say("250 kept")
        return True

    async def _refuse(self, answer: str | None) -> bool:
        self._try.refused = True
        if answer:
            await self._say(answer)
        return answer is not None

    async def _say(self, answer: str) -> None:
        await asyncio.sleep(random.uniform(0.001, 0.03))
        self._writer.write(answer.encode("ascii") + b"\r\n")
        await self._writer.drain()
