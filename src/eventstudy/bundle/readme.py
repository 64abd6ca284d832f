"""The README of a bundle, in the order that data editors of economics journals ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eventstudy.bundle import layout
from eventstudy.bundle.environment import OURS, machine, package, peak
from eventstudy.bundle.script import LINE
from eventstudy.formats import capital, count, counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from eventstudy.bundle.contents import Given
    from eventstudy.bundle.parts import Part

MEGABYTE = 1e6


def readme(folder: Path, parts: Sequence[Part], given: Given, facts: dict[str, Any]) -> str:
    """Return the README in Markdown.

    Parameters
    ----------
    folder : pathlib.Path
        The bundle with all of its other files but the metadata.
    parts : sequence of Part
        Its studies.
    given : Given
        What its author says of it.
    facts : dict
        What `verify` knows: studies, prices and versions.

    References
    ----------
    Vilhuber, L., Connolly, M., Koren, M., Llull, J. and Morrow, P., A template README for social science
    replication packages, whose headings these are.
    """
    sections = (
        _overview(parts, facts),
        _rights(given, parts),
        _availability(parts),
        _sources(parts),
        _requirements(parts, facts),
        _resources(folder, parts),
        _programs(parts, facts),
        _instructions(parts, facts),
        _exhibits(parts),
        _references(parts, facts),
    )
    return "\n".join(line for section in sections for line in (*section, ""))


def title(parts: Sequence[Part]) -> str:
    """Return the title of a bundle."""
    return f"Replication package: {'; '.join(part.result.study.title for part in parts)}"


def duration(seconds: float) -> str:
    """Return a run time in words.

    Examples
    --------
    >>> duration(0.4), duration(31.4), duration(200)
    ('1 second', '32 seconds', '4 minutes')
    """
    whole = int(-(-seconds // 1))
    if whole < 120:
        return counted(max(whole, 1), "second", "seconds")
    return counted(-(-whole // 60), "minute", "minutes")


def _line(text: str) -> str:
    """Return words on one line, fit for the cell of a table."""
    return " ".join(text.replace("|", "/").split())


def _overview(parts: Sequence[Part], facts: dict[str, Any]) -> Iterator[str]:
    """Yield what the bundle is."""
    yield f"# {_line(title(parts))}"
    yield ""
    for part in parts:
        if part.result.study.description:
            yield _line(part.result.study.description)
            yield ""
    yield "## Overview"
    yield ""
    studies = [f"`{part.facts['study']}`" for part in parts]
    whole = duration(sum(part.seconds for part in parts))
    one = len(parts) == 1
    yield (
        f"{capital(count(len(parts), 'study file', 'study files'))} ({', '.join(studies)}) "
        f"{'is' if one else 'are'} run by the program `{OURS}` {facts['versions'][OURS]}, "
        f"which is in `{layout.SOFTWARE}/`. "
        f"`{layout.SCRIPT}` installs it and makes every number, table and figure in `{layout.OUTPUT}/` again. "
        f"The replicator should expect the programs to run for about {whole}."
    )


def _rights(given: Given, parts: Sequence[Part]) -> Iterator[str]:
    """Yield what the authors have to certify, and the licence."""
    included = any(part.facts["prices_included"] for part in parts)
    yield "## Data availability and provenance statements"
    yield ""
    yield "### Statement about rights"
    yield ""
    yield "For the authors to tick:"
    yield ""
    yield "- [ ] We certify that we have legitimate access to and permission to use the data of this package."
    if included:
        yield "- [ ] We certify that we have permission to redistribute the data that are in it."
    yield ""
    yield "### Licence for data"
    yield ""
    yield f"{given.licence or 'Not decided yet; write an SPDX identifier here'}. Terms of each source stand below."


def _availability(parts: Sequence[Part]) -> Iterator[str]:
    """Yield which data are in the bundle."""
    held = [part.facts["prices_included"] for part in parts]
    yield "### Summary of availability"
    yield ""
    yield f"- [{'x' if all(held) else ' '}] All data are in this package."
    yield f"- [{'x' if any(held) and not all(held) else ' '}] Some data are not in this package."
    yield f"- [{' ' if any(held) else 'x'}] The prices are not in this package."
    yield ""
    yield "### Dataset list"
    yield ""
    yield "| File | Holds | Provided | Fingerprint |"
    yield "|---|---|---|---|"
    for part in parts:
        home = part.facts["study"].rpartition("/")[0]
        for name, key in ((layout.PRICES, "prices"), (layout.SECOND, "second_prices")):
            if part.facts[key]:
                words = "prices" if key == "prices" else "prices of the second source"
                provided = "yes" if part.facts["prices_included"] else "no"
                yield f"| `{home}/{name}` | {words} (Parquet) | {provided} | `{part.facts[key]}` |"
    if not all(held):
        yield ""
        yield (
            "The terms of a source do not let its prices be passed on. The requests below and the fingerprint "
            "say exactly which ones were used, and `eventstudy verify` refuses any others."
        )


def _sources(parts: Sequence[Part]) -> Iterator[str]:
    """Yield where each series comes from."""
    yield "### Details on each data source"
    yield ""
    yield "| Instrument | Source | Symbol | First | Last | Downloaded | Terms |"
    yield "|---|---|---|---|---|---|---|"
    keys = ("instrument", "source", "symbol", "first", "last", "downloaded", "licence")
    rows = (each for part in parts for each in part.facts["requests"])
    cells = dict.fromkeys(tuple(_line(each[key]) or "–" for key in keys) for each in rows)
    yield from (f"| {' | '.join(row)} |" for row in cells)


def _requirements(parts: Sequence[Part], facts: dict[str, Any]) -> Iterator[str]:
    """Yield what a machine has to have."""
    hashes = "versions and hashes" if facts["hashed"] else "versions"
    yield "## Computational requirements"
    yield ""
    yield "### Software requirements"
    yield ""
    yield f"- Python {facts['python']} (any {package().python} should do)"
    yield f"- `{facts['software']}`: the program that was run, as a wheel"
    yield f"- {len(facts['versions']) - 1} packages from an ordinary index, with {hashes} in `{layout.REQUIREMENTS}`"
    yield "- no network once they are installed"
    yield ""
    yield "### Controlled randomness"
    yield ""
    seeds = (f"{part.result.study.seed} in `{part.facts['study']}`" for part in parts)
    yield (
        f"The seed is {', '.join(seeds)}. Every test draws from a generator of its own, so that the order of the tests "
        "changes no number."
    )


def _resources(folder: Path, parts: Sequence[Part]) -> Iterator[str]:
    """Yield what the run took, measured."""
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / MEGABYTE
    memory = peak()
    yield "### Memory, runtime and storage requirements"
    yield ""
    yield f"Last run on {machine()}:"
    yield ""
    for part in parts:
        yield f"- `{part.facts['study']}`: {duration(part.seconds)}"
    if memory:
        yield f"- memory: at most {max(memory, 0.1):.1f} GB"
    yield f"- storage: {size:.0f} MB for this package unpacked, and no more for the new output; the packages besides"


def _programs(parts: Sequence[Part], facts: dict[str, Any]) -> Iterator[str]:
    """Yield what each file is for."""
    yield "## Description of programs"
    yield ""
    yield f"- `{layout.SCRIPT}` installs the packages and makes everything again, into `{layout.RERUN}/`"
    yield f"- `{facts['software']}` is the program: source code in Python, a zip file by another name"
    for part in parts:
        yield f"- `{part.facts['study']}` is a design: events, markets, models, windows, tests"
    for part in parts:
        place = part.facts["output"]
        yield f"- `{place}/results/` holds every number as tidy CSV, `{place}/index.html` the report"
        yield f"- `{place}/numbers.json` lists every number of the report's prose with the cell it comes from"
        yield f"- `{place}/export/` holds tables (CSV, LaTeX, Markdown) and figures (SVG, PDF, PNG)"
    yield f"- `{layout.EXHIBITS}` says which line of which program makes which table or figure"
    yield f"- `{layout.PACKAGE}`, `{layout.CRATE}` and `{layout.CITATION}` describe the package to machines"
    yield f"- `{layout.SUMS}` has the hash of every file"
    yield ""
    yield "### Licence for code"
    yield ""
    yield f"`{OURS}`: {package().licence}, with its text in the wheel. The study files are under the licence for data."


def _instructions(parts: Sequence[Part], facts: dict[str, Any]) -> Iterator[str]:
    """Yield what a replicator does."""
    yield "## Instructions to replicators"
    yield ""
    yield "In an empty environment outside of this folder:"
    yield ""
    yield "    python3 -m venv ../replication && source ../replication/bin/activate"
    yield f"    bash {layout.SCRIPT}"
    yield ""
    yield (
        "It ends with the word MATCH, or names the first cell that differs, with both values. Without the script: "
        f"install `{layout.REQUIREMENTS}`, then `{facts['software']}`, then `eventstudy verify .` in this folder."
    )
    lacking = [part.facts for part in parts if not part.facts["prices_included"]]
    if lacking:
        marks = ", ".join(f"`{each['prices'][:12]}`" for each in lacking)
        yield ""
        yield (
            "Prices first: `eventstudy data fetch` with the study file downloads them where the sources still answer, "
            f"`eventstudy data freeze` writes them to a file, and `bash {layout.SCRIPT} --prices FILE` takes them from "
            f"it; the path counts from this folder. Only prices with the fingerprint {marks} are taken."
        )


def _exhibits(parts: Sequence[Part]) -> Iterator[str]:
    """Yield tables and figures with the program that makes each."""
    number = sum(len(part.exhibits) for part in parts)
    yield "## List of tables and figures, and the programs that make them"
    yield ""
    yield f"{counted(number, 'table or figure', 'tables and figures')}, also in `{layout.EXHIBITS}`."
    for part in parts:
        yield ""
        if len(parts) > 1:
            yield f"### {_line(part.result.study.title)}"
            yield ""
        yield "| Table or figure | Section | Program | Line | File |"
        yield "|---|---|---|---|---|"
        for name, section, file in part.exhibits:
            yield f"| {_line(name)} | {_line(section)} | {layout.SCRIPT} | {LINE} | {file} |"


def _references(parts: Sequence[Part], facts: dict[str, Any]) -> Iterator[str]:
    """Yield what is to be cited: data, program, methods."""
    yield "## References"
    yield ""
    rows = (each for part in parts for each in part.facts["requests"])
    cells = dict.fromkeys((each["symbol"], each["source"], each["downloaded"]) for each in rows)
    for symbol, source, day in cells:
        yield f"- {_line(symbol)}, daily series of the source {source}{f', downloaded on {day}' * bool(day)}"
    yield f"- `{OURS}` {facts['versions'][OURS]}, in `{layout.SOFTWARE}/`"
    for part in parts:
        yield f"- the works that the methods rest on: `{part.facts['output']}/export/tex/references.bib`"
