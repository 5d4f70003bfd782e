"""A mail server in a process of its own that takes every mail, and so long for each reply as it is told."""

import asyncio
import subprocess
import sys
import time
from typing import Self

from tests.smtp_sink import free_port

GREETING, FINE, GO_ON, GOODBYE = b"220 ready\r\n", b"250 fine\r\n", b"354 go on\r\n", b"221 goodbye\r\n"


class BenchSink:
    """The process, for as long as the `with` lasts; `port` is where it listens."""

    def __init__(self, delay_ms: float) -> None:
        self.port = free_port()
        self._command = [sys.executable, "-m", "tests.bench.sink", str(self.port), str(delay_ms)]

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(self._command)
        time.sleep(1)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()


async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, delay_seconds: float) -> None:
    """Answer one caller until it says goodbye."""

    async def say(words: bytes) -> None:
        if delay_seconds:
            await asyncio.sleep(delay_seconds)
        writer.write(words)

    await say(GREETING)
    while line := await reader.readline():
        verb = line[:4].upper().strip()
        if verb == b"DATA":
            await say(GO_ON)
            await reader.readuntil(b"\r\n.\r\n")
            await say(FINE)
        elif verb == b"QUIT":
            await say(GOODBYE)
            break
        else:
            await say(FINE)
    writer.close()


async def listen(port: int, delay_seconds: float) -> None:
    """Take calls for ever."""
    server = await asyncio.start_server(
        lambda reader, writer: converse(reader, writer, delay_seconds), "127.0.0.1", port, limit=2**20
    )
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(listen(int(sys.argv[1]), float(sys.argv[2]) / 1000))
