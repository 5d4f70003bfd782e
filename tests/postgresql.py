"""A throw-away PostgreSQL server, reached by a socket in a folder of its own."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

DEBIAN = Path("/usr/lib/postgresql")
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=")


def programs() -> Path | None:
    """Return the folder that holds initdb and postgres, None when there is none."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    return max(DEBIAN.glob("*/bin"), default=None) if DEBIAN.exists() else None


class Server:
    """A server with one database, gone when stopped. It refuses root, so root runs it as another user."""

    def __init__(self, bin_folder: Path) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="circle-pg-"))
        self.bin = bin_folder
        self.identity = self._identity()
        if self.identity:
            os.chown(self.home, self.identity["user"], self.identity["group"])
        self.home.chmod(0o755)
        self._run(
            "initdb",
            "-D",
            self.home / "data",
            "-A",
            "trust",
            "-U",
            "circle",
            "--no-sync",
            "--no-locale",
            "-E",
            "UTF8",
        )
        self.process = self._start()

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://circle@/postgres?host={self.home}"

    def stop(self) -> None:
        """Stop the server and remove its folder."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=20)
        shutil.rmtree(self.home)

    def _start(self) -> subprocess.Popen[bytes]:
        options = [part for option in FAST for part in ("-c", option)]
        process = subprocess.Popen(
            [self.bin / "postgres", "-D", self.home / "data", "-k", self.home, *options],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self.home,
            **self.identity,
        )
        for _ in range(200):
            if subprocess.run([self.bin / "pg_isready", "-q", "-h", self.home], check=False).returncode == 0:
                return process
            time.sleep(0.05)
        process.kill()
        raise RuntimeError("PostgreSQL did not start within 10 seconds")

    def _run(self, program: str, *arguments: object) -> None:
        subprocess.run(
            [self.bin / program, *map(str, arguments)],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=self.home,
            **self.identity,
        )

    @staticmethod
    def _identity() -> dict[str, object]:
        if os.getuid() != 0:
            return {}
        for name in ("postgres", "nobody"):
            try:
                user = pwd.getpwnam(name)
            except KeyError:
                continue
            return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        raise RuntimeError("PostgreSQL refuses root, and there is no user postgres or nobody")
