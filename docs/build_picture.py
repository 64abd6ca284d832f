"""Write ``docs/pictures/report.png``, the top of the sample report as a reader sees it, with Chromium.

``python docs/build_picture.py`` takes it anew; do so after the looks of a report have changed.
"""

from __future__ import annotations

import io
import shutil
from pathlib import Path

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "reports" / "sample" / "index.html"
PICTURE = ROOT / "docs" / "pictures" / "report.png"
WIDTH, HEIGHT = 1200, 980
COLOURS = 64
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")


def picture() -> bytes:
    """Return the picture as PNG."""
    from PIL import Image
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[*QUIET])
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.goto(SAMPLE.as_uri())
        taken = page.screenshot()
        browser.close()
    packed = io.BytesIO()
    Image.open(io.BytesIO(taken)).convert("RGB").quantize(COLOURS).save(
        packed, "PNG", optimize=True
    )
    return packed.getvalue()


if __name__ == "__main__":
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_bytes(picture())
    print(f"{PICTURE.relative_to(ROOT)} written, {PICTURE.stat().st_size // 1000} kB")
