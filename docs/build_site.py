"""Build the documentation as pages in ``build/docs``, and say what is wrong with its links.

``python docs/build_site.py`` (`make docs`) copies the pages of the repository, in its own layout so that the links
that work there work here, lets Zensical build them strictly, and then reads what was built: every link has to lead to
a file and a heading that are there, and no page may ask another computer for anything.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
PAGES, SITE = ROOT / "build" / "pages", ROOT / "build" / "docs"
KEPT = (
    *("*.md", "LICENSE", "CITATION.cff", "events/*.*", "data/README.md", "reports/sample/*"),
    *("docs/*/*.md", "docs/examples/*", "docs/tutorials/*", "docs/pictures/*"),
)
"""What is copied; the rest of the repository is no documentation."""
EXTRA = ("search-of-files.js", "pages.css")
LOADING = {"script": "src", "link": "href", "img": "src", "iframe": "src", "source": "src"}
"""Elements that make a browser ask for a file, by the attribute that names it."""


class Page(HTMLParser):
    """What a built page links to, what it loads, and which places it has."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.places: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the addresses and the name of an element."""
        found = {name: value or "" for name, value in attrs}
        self.places.add(found.get("id", ""))
        if tag == "a" and "href" in found:
            self.links.append(found["href"])
        elif tag in LOADING and LOADING[tag] in found:
            self.loads.append(found[LOADING[tag]])


def main() -> int:
    """Build; print every fault and return 1 if there are any."""
    lay_out()
    program = Path(sys.executable).with_name("zensical")
    command = [program, "build", "--strict", "--clean", "--config-file", ROOT / "mkdocs.yml"]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)  # noqa: S603 - our own words
    if done.returncode:
        print(done.stdout, done.stderr, sep="\n", file=sys.stderr)
        return 1
    found = list(faults(SITE))
    print("\n".join(found), file=sys.stderr, end="\n" if found else "")
    if not found:
        print(f"{(SITE / 'index.html').relative_to(ROOT)}: {len(pages_of(SITE))} pages")
    return 1 if found else 0


def lay_out() -> None:
    """Copy the pages to where Zensical takes them from."""
    for folder in (PAGES, SITE):
        shutil.rmtree(folder, ignore_errors=True)
    for path in sorted({path for pattern in KEPT for path in ROOT.glob(pattern)}):
        target = PAGES / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    for name in EXTRA:
        shutil.copyfile(ROOT / "docs" / "site" / name, PAGES / name)


def pages_of(site: Path) -> dict[Path, Page]:
    """Return every built page but reports, which are pages of their own."""
    found = (path for path in site.rglob("*.html") if "reports" not in path.relative_to(site).parts)
    return {path: Page(path.read_text(encoding="utf-8")) for path in sorted(found)}


def faults(site: Path) -> Iterator[str]:
    """Say which links lead nowhere and what is loaded from elsewhere."""
    pages = pages_of(site)
    for path, page in pages.items():
        name = path.relative_to(site)
        for address in page.loads:
            if urlsplit(address).netloc:
                yield f"{name} loads {address}"
        if path.name == "404.html":
            continue
        for address in page.links:
            fault = _fault(path, address, pages)
            if fault:
                yield f"{name}: {address} {fault}"


def _fault(path: Path, address: str, pages: dict[Path, Page]) -> str:
    """Say what is wrong with a link of a page; an empty text where nothing is."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return ""
    target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    if target.is_dir():
        target /= "index.html"
    if not target.is_file():
        return "leads to no file"
    place = unquote(parts.fragment)
    if place and target in pages and place not in pages[target].places:
        return "leads to no place in the page"
    return ""


if __name__ == "__main__":
    sys.exit(main())
