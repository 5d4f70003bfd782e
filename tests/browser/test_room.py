"""What looks for a lack of room finds it, in a window as narrow as a phone."""

import pytest

from tests.browser.conftest import Windows
from tests.browser.room import lacks

CROWDED = {
    "it scrolls sideways": "<p style='width: 900px'>a wide one</p>",
    "wider than its place": "<div style='width: 90px; overflow: clip'>Wolfeschlegelsteinhausen</div>",
    "cut at its foot": "<div style='height: 20px; overflow: hidden'>one<br>two<br>three</div>",
    "on top of each other": "<p>one</p><p style='margin-top: -35px'>two</p>",
}


@pytest.mark.parametrize("lack", CROWDED)
def test_a_lack_of_room_is_found(lack: str, windows: Windows):
    page = windows(width=320)
    page.set_content(CROWDED[lack])
    assert [words for words in lacks(page) if words.startswith(lack)]


def test_a_page_with_room_lacks_nothing(windows: Windows):
    page = windows(width=320)
    page.set_content("<p>one</p><p>two</p>")
    assert lacks(page) == []
