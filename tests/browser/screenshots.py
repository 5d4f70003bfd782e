"""A picture of every page that links lead to, in four looks, and the README's. Run by `make screenshots`."""

import base64
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser import chromium
from tests.browser.walk import look_around, served, walk

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "instance" / "pages"
DOCS = ROOT / "docs"
README = {"circle": (1280, 1180), "circle-phone": (390, 844)}
"""The README's pictures, each in light and dark: width and height of the window."""
AS_WEBP = """async picture => {
  const image = new Image();
  image.src = `data:image/png;base64,${picture}`;
  await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height);
  canvas.getContext("2d").drawImage(image, 0, 0);
  const blob = await canvas.convertToBlob({type: "image/webp", quality: 0.82});
  const bytes = new Uint8Array(await blob.arrayBuffer());
  return btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(""));
}"""
LOOKS = [(width, scheme) for width in (390, 1280) for scheme in ("light", "dark")]
SIGNED_OUT = ("/", "/sign-in", "/nowhere", "/patterns", "/mailbox")


def main() -> None:
    """Serve a new demo circle, and take its pictures as its organiser sees it."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with served() as (site, address), sync_playwright() as playwright:
        path = chromium.found(playwright)
        if path is None:
            sys.exit("Chromium was not found.")
        page = chromium.start(playwright, path).new_page(base_url=address)
        for at in SIGNED_OUT:
            page.goto(at)
            take(page, f"signed-out{at.replace('/', '-')}")
        look_around(page)
        for name, (width, height) in README.items():
            page.set_viewport_size({"width": width, "height": height})
            for scheme, ending in (("light", ""), ("dark", "-dark")):
                page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
                save_small(page, DOCS / f"{name}{ending}.webp")
        for kind, _ in walk(site, page):
            take(page, kind)
    count = len(list(PICTURES.glob("*.png")))
    print(f"{count} pictures of pages: {PICTURES}")  # noqa: T201 - what the command is for


def save_small(page: Page, path: Path) -> None:
    """Save what the window shows as WebP, which the browser itself writes."""
    picture = base64.b64encode(page.screenshot()).decode()
    browser = page.context.browser
    if browser is None:
        sys.exit("Chromium went away.")
    # A page of its own: the site's lets no script in, and its window keeps its size.
    with browser.new_page() as drawing_board:
        path.write_bytes(base64.b64decode(drawing_board.evaluate(AS_WEBP, picture)))


def take(page: Page, name: str) -> None:
    """Save what a page shows in each look."""
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        page.screenshot(path=PICTURES / f"{name}-{width}-{scheme}.png", full_page=True)


if __name__ == "__main__":
    main()
