"""One small system: classes defined and used, macros among the patterns, a title for each kind of page."""

import re
from collections import defaultdict
from pathlib import Path

from flask import Flask, template_rendered

from circle.rules.states import CommitmentState
from tests.cast import Cast
from tests.web import tour, world

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = {
    path: path.read_text()
    for path in (ROOT / "templates").rglob("*.html")
    if "letters" not in path.parts[:-1]
}
SCRIPTS = "".join(path.read_text() for path in (ROOT / "static" / "js").glob("*.js"))
STYLES = "".join(path.read_text() for path in (ROOT / "static" / "css").glob("*.css"))
PATTERNS = "".join(text for path, text in TEMPLATES.items() if path.parent.name == "patterns")

CLASS = re.compile(r'\bclass(?:_?)="((?:\{\{.*?\}\}|\{%.*?%\}|[^"{])*)"')
INSIDE = re.compile(r"\{\{(.*?)\}\}|\{%(.*?)%\}")
MARKS = {state.value for state in CommitmentState}
"""Put in from the state of a commitment."""


def defined() -> set[str]:
    """Return every class that a style sheet speaks of."""
    rules = re.sub(r"/\*.*?\*/|url\([^)]*\)|@import[^;]*;", "", STYLES, flags=re.DOTALL)
    selectors = re.findall(r"([^{};]+)\{", rules)
    return {name for one in selectors for name in re.findall(r"\.([a-z][\w-]*)", one)}


def used() -> dict[str, set[str]]:
    """Return every class that stands in a class attribute, with the templates it stands in."""
    found = defaultdict(set)
    for path, text in TEMPLATES.items():
        for value in CLASS.findall(text):
            for name in classes_of(value):
                found[name].add(path.name)
    return found


def classes_of(value: str) -> set[str]:
    """Return the classes of one attribute: those written out, and those that an expression may put in."""
    written = INSIDE.sub(" ", value).split()
    expressions = [re.sub(r"in \([^)]*\)", "", text) for parts in INSIDE.findall(value) for text in parts]
    chosen = [word for text in expressions for word in re.findall(r"'([^']*)'", text)]
    plain = [name for words in chosen for name in words.split() if re.fullmatch(r"[a-z][a-z-]*", name)]
    return {*(name for name in written if re.fullmatch(r"[a-z][\w-]*", name)), *plain}


def test_every_class_of_a_template_is_defined():
    looked_for = set(re.findall(r"[\"'` ]\.([a-z-]+)[\"'` :]", SCRIPTS))
    assert {name: where for name, where in used().items() if name not in defined() | looked_for} == {}


def test_every_class_of_a_style_sheet_is_used():
    # Names of charts and of marks are handed to macros, so they stand in the templates as words.
    words = set(re.findall(r"' ?([a-z][\w-]*)'", "".join(TEMPLATES.values())))
    by_scripts = set(re.findall(r'(?:classList\.\w+\(|className = )"([\w-]+)"', SCRIPTS))
    assert defined() - set(used()) - words - by_scripts - MARKS == set()


def macros() -> dict[str, str]:
    """Return the body of each macro for all pages, by its name; with _ begin parts of others."""
    found = {}
    for path, text in TEMPLATES.items():
        if path.parent.name == "macros":
            found |= dict(re.findall(r"\{%-? macro (\w+)\((.*?)\{%-? endmacro", text, re.DOTALL))
    return found


def test_every_macro_stands_among_the_patterns():
    bodies = macros()
    ahead, shown = [PATTERNS], set()
    while ahead:
        text = ahead.pop()
        fresh = {name for name in bodies if re.search(rf"\b{name}\(", text)} - shown
        shown |= fresh
        ahead += [bodies[name] for name in fresh]
    assert {name for name in bodies if not name.startswith("_")} - shown == set()


def test_no_two_kinds_of_page_share_a_title_and_each_ends_with_a_name(app: Flask, cast: Cast):
    here, shown = world.build(app, cast), []
    kinds = defaultdict(set)
    template_rendered.connect(lambda _, template, **__: shown.append(template.name), app, weak=False)
    for role, first in tour.PLAYED_BY.items():
        client = cast.client(first)
        for path in (*tour.pages(app, cast, here, role).values(), "/nowhere"):
            shown.clear()
            page = client.get(path).text
            kinds[re.findall("<title>(.*?)</title>", page)[0]].add(shown[0])
    assert {title: kind for title, kind in kinds.items() if len(kind) > 1} == {}
    assert [title for title in kinds if not title.endswith(("Circle", "Another Circle"))] == []
    assert len(kinds) > 50


def test_every_macro_is_called_by_its_name_among_the_patterns(client):
    named = set(re.findall(r"<code>(\w+)</code>", client.get("/patterns").text))
    assert {name for name in macros() if not name.startswith("_")} - named == set()
