"""The README: its tables say what the code says."""

import re
from itertools import chain
from pathlib import Path

import pytest

from circle.cli import COMMANDS, LOCAL_COMMANDS
from circle.config import SETTINGS
from circle.rules.states import MailKind, Switch

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")

SWITCHES = {None: "always sent", Switch.DAILY: "daily letter"} | {
    switch: switch.value.replace("_", " ") for switch in Switch if switch is not Switch.DAILY
}


def test_the_settings_table_is_the_settings() -> None:
    rows = [(f"`{one.name}`", f"`{one.default}`" if one.default else "none", one.meaning) for one in SETTINGS]
    assert _table("settings") == [("setting", "default", "meaning"), *rows]


def test_the_commands_table_is_the_commands() -> None:
    rows = [
        (f"`{_usage(command)}`", command.get_short_help_str(200)) for command in (*COMMANDS, *LOCAL_COMMANDS)
    ]
    assert _table("commands") == [("command", "what it does"), *rows]


def test_the_mails_table_is_the_kinds_of_mail() -> None:
    rows = [(kind.words, SWITCHES[kind.switch]) for kind in MailKind]
    assert [(row[0], row[2]) for row in _table("mails")[1:]] == rows


@pytest.mark.parametrize("path", re.findall(r"\]\(([\w/.-]+)\)", README))
def test_what_the_readme_points_to_is_there(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.parametrize(
    "target", sorted(set(re.findall(r"(?:`|^)make ([\w-]+)(?:`|$)", README, re.MULTILINE)))
)
def test_what_the_readme_makes_is_a_target(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def _usage(command) -> str:
    pieces = chain.from_iterable(_pieces(parameter) for parameter in command.params)
    return " ".join([command.name, *pieces])


def _pieces(parameter) -> list[str]:
    if parameter.param_type_name == "argument":
        return [parameter.metavar or parameter.name.upper()]
    value = "" if parameter.is_flag else f" {parameter.metavar or parameter.name.upper()}"
    return [f"[{parameter.opts[0]}{value}]"]


def _table(name: str) -> list[tuple[str, ...]]:
    block = re.search(rf"<!-- {name} -->\n(.*?)<!-- /{name} -->", README, re.DOTALL)
    assert block, f"the README has no table of {name}"
    lines = [line for line in block[1].splitlines() if line.startswith("|") and not line.startswith("| ---")]
    return [tuple(cell.strip() for cell in line.strip("|").split(" | ")) for line in lines]
