"""Node: other implementations of what we do, installed once a run and asked over stdin and stdout."""

import json
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from tests.conftest import missing

HERE = Path(__file__).parent


def run(script: str, question: Any) -> Any:
    """Run a script of this folder with a question as JSON and return its answer."""
    folder = _installed()
    shutil.copy(HERE / script, folder / script)
    done = subprocess.run(
        ["node", script], cwd=folder, input=json.dumps(question), capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


@cache
def _installed() -> Path:
    if not (shutil.which("node") and shutil.which("npm")):
        missing("Node with npm")
    folder = Path(tempfile.mkdtemp(prefix="circle-proof-"))
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder / name)
    subprocess.run(["npm", "ci", "--silent", "--no-audit", "--no-fund"], cwd=folder, check=True)
    return folder
