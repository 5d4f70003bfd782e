"""The house: rooms open only downwards, and each thing is done in its own room."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

CIRCLE = Path(__file__).resolve().parent.parent / "circle"
MODULES = sorted(path for path in CIRCLE.rglob("*.py") if "migrations" not in path.parts)

ABOVE = {
    "rules": {
        "formats",
        "models",
        "services",
        "letters",
        "web",
        "worker",
        "serve",
        "commands",
        "cli",
        "factory",
    },
    "formats": {"models", "services", "letters", "web", "worker", "serve", "commands", "cli", "factory"},
    "models": {"formats", "services", "letters", "web", "worker", "serve", "commands", "cli", "factory"},
    "services": {"letters", "web", "worker", "serve", "commands", "cli", "factory"},
    "letters": {"web", "worker", "serve", "commands", "cli", "factory"},
    "web": {"worker", "serve", "commands", "cli", "factory"},
    "worker": {"web", "serve", "commands", "cli", "factory"},
    "serve": {"web", "worker", "commands", "cli", "factory", "services", "letters", "models"},
    "commands": {"web", "cli", "factory"},
    "cli": {"web", "factory"},
}
"""For each room the rooms above it or beside it, which it does not know of."""

FRAMEWORKS = {
    "flask",
    "flask_sqlalchemy",
    "flask_migrate",
    "flask_wtf",
    "flask_mail",
    "wtforms",
    "click",
    "werkzeug",
}
FOREIGN = {
    "rules": FRAMEWORKS | {"sqlalchemy", "jinja2", "segno", "alembic"},
    "formats": FRAMEWORKS | {"sqlalchemy", "jinja2", "alembic"},
    "models": FRAMEWORKS | {"jinja2", "alembic"},
    "services": FRAMEWORKS - {"flask_sqlalchemy"} | {"jinja2", "alembic"},
}
"""For each room the libraries that have no business in it."""

READS_THE_CLOCK = {"web", "commands", "worker", "cli", "clock"}


def named(path: Path) -> str:
    return str(path.relative_to(CIRCLE.parent))


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_room_opens_only_downwards(path: Path) -> None:
    room = _room(path)
    upwards = {other for other in _rooms_imported(path) if other in ABOVE.get(room, set())}
    assert not upwards, f"{named(path)} is in {room}/ and opens upwards, to {', '.join(sorted(upwards))}"


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_room_holds_no_foreign_library(path: Path) -> None:
    room = _room(path)
    foreign = {name for name in _libraries(path) if name in FOREIGN.get(room, set())}
    assert not foreign, (
        f"{named(path)} imports {', '.join(sorted(foreign))}, which does not belong in {room}/"
    )


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_module_says_in_one_sentence_what_is_in_the_room(path: Path) -> None:
    head = (ast.get_docstring(_tree(path)) or "").splitlines()[:1]
    assert head, f"{named(path)} has no sentence at its head"
    assert head[0].endswith((".", "...")), f"{named(path)}: its first line is not one whole sentence"


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_only_services_commit(path: Path) -> None:
    commits = [call.lineno for call in _calls(path) if _last_name(call) == "commit"]
    assert not commits or _room(path) == "services", f"{named(path)} commits on line {commits[0]}"


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_the_clock_is_read_at_the_edges_only(path: Path) -> None:
    reads = [
        call.lineno
        for call in _calls(path)
        if _full_name(call) in {"clock.now", "datetime.now", "now", "date.today"}
    ]
    assert not reads or _room(path) in READS_THE_CLOCK, f"{named(path)} reads the clock on line {reads[0]}"


def test_the_map_of_the_house_imports_nothing() -> None:
    assert not list(_imports(CIRCLE / "__init__.py"))


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_module_is_at_most_250_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 250


def _room(path: Path) -> str:
    return path.relative_to(CIRCLE).parts[0].removesuffix(".py")


def _rooms_imported(path: Path) -> set[str]:
    named_rooms = set()
    for module, names in _imports(path):
        parts = module.split(".")
        if parts[0] == "circle":
            named_rooms |= {parts[1]} if len(parts) > 1 else set(names)
    return named_rooms


def _libraries(path: Path) -> set[str]:
    return {module.split(".")[0] for module, _ in _imports(path)}


def _imports(path: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, ()) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "", tuple(alias.name for alias in node.names)


def _calls(path: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(_tree(path)) if isinstance(node, ast.Call))


def _last_name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _full_name(call: ast.Call) -> str:
    return ast.unparse(call.func)


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))
