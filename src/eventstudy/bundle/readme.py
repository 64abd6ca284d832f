"""The README of a bundle, in the order that data editors of economics journals ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eventstudy.bundle import layout
from eventstudy.formats import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from eventstudy.bundle.contents import Given
    from eventstudy.results import StudyResult


def readme(
    result: StudyResult,
    given: Given,
    exhibits: Sequence[tuple[str, str, str, str, str]],
    facts: dict[str, Any],
) -> str:
    """Return the README in Markdown.

    Parameters
    ----------
    result : StudyResult
        What the bundle holds.
    given : Given
        What its author says of it.
    exhibits : sequence of tuple
        Name, section, program, line and file of every table and figure.
    facts : dict
        What `verify` knows: the study, prices and versions.

    References
    ----------
    Vilhuber, L., Connolly, M., Koren, M., Llull, J. and Morrow, P., A template README for social science
    replication packages, whose headings these are.
    """
    parts = (
        _overview(result, facts),
        _data(given, facts),
        _computation(result, facts),
        _programs(facts),
        _instructions(facts),
        _list_of_exhibits(exhibits),
    )
    return "\n".join(line for part in parts for line in (*part, ""))


def _overview(result: StudyResult, facts: dict[str, Any]) -> Iterator[str]:
    """Yield what the bundle is."""
    study = result.study
    yield f"# Replication package: {study.title}"
    yield ""
    if study.description:
        yield study.description
        yield ""
    yield "## Overview"
    yield ""
    yield (
        f"One study file, `{facts['study']}`, is run by the program `policy-eventstudy` "
        f"{facts['versions'].get('policy-eventstudy', '')}. It makes every number, table and figure in "
        f"`{layout.OUTPUT}/`. A replicator should expect it to run for less than ten minutes."
    )


def _data(given: Given, facts: dict[str, Any]) -> Iterator[str]:
    """Yield where the data come from and what may be done with them."""
    yield "## Data availability and provenance statements"
    yield ""
    yield "### Statement about rights"
    yield ""
    yield "- [ ] The authors certify that they have legitimate access to and permission to use the data."
    included = facts["prices_included"]
    yield f"- [{'x' if included else ' '}] The data are in this package."
    yield ""
    yield f"Licence of this package: {given.licence or 'not decided yet; write an SPDX identifier here'}."
    yield ""
    yield "### Summary of availability"
    yield ""
    if included:
        yield f"All prices are in `{layout.STUDY}/{layout.PRICES}` (Parquet), fingerprint `{facts['prices']}`."
    else:
        yield (
            "The terms of a source do not let its prices be passed on. They are not in the package: the requests "
            f"below and the fingerprint `{facts['prices']}` say exactly which ones were used, and `eventstudy "
            "verify` refuses any others."
        )
    yield ""
    yield "### Details on each data source"
    yield ""
    yield "| Instrument | Source | Symbol | First | Last | Downloaded | Terms |"
    yield "|---|---|---|---|---|---|---|"
    for each in facts["requests"]:
        cells = (
            each[key]
            for key in ("instrument", "source", "symbol", "first", "last", "downloaded", "licence")
        )
        yield f"| {' | '.join(cell or '–' for cell in cells)} |"


def _computation(result: StudyResult, facts: dict[str, Any]) -> Iterator[str]:
    """Yield what a machine has to have."""
    yield "## Computational requirements"
    yield ""
    yield "### Software requirements"
    yield ""
    yield f"- Python {facts['python']}"
    yield f"- {len(facts['versions'])} packages, with their versions in `{layout.REQUIREMENTS}`"
    yield "- no network once they are installed"
    yield ""
    yield "### Controlled randomness"
    yield ""
    yield (
        f"The seed is {result.study.seed}, in the study file. Every test draws from a generator of its own, so that "
        "the order of the tests changes no number."
    )
    yield ""
    yield "### Memory, runtime and storage requirements"
    yield ""
    yield "- Approximate time on a desktop machine: less than 10 minutes"
    yield "- Approximate storage: less than 250 MB; memory: less than 2 GB"


def _programs(facts: dict[str, Any]) -> Iterator[str]:
    """Yield what each file is for."""
    yield "## Description of programs"
    yield ""
    yield f"- `{layout.SCRIPT}` installs the packages and makes everything again, beside the old output"
    yield f"- `{facts['study']}` is the design: events, markets, models, windows, tests"
    yield f"- `{layout.OUTPUT}/results/` holds every number as tidy CSV, `{layout.OUTPUT}/index.html` the report"
    yield f"- `{layout.OUTPUT}/numbers.json` lists every number of the report's prose with the cell it comes from"
    yield f"- `{layout.OUTPUT}/export/` holds tables (CSV, LaTeX, Markdown) and figures (SVG, PDF, PNG)"
    yield f"- `{layout.EXHIBITS}` says which line of which program makes which table or figure"
    yield f"- `{layout.PACKAGE}`, `{layout.CRATE}` and `{layout.CITATION}` describe the package to machines"
    yield f"- `{layout.SUMS}` has the hash of every file"


def _instructions(facts: dict[str, Any]) -> Iterator[str]:
    """Yield what a replicator does."""
    yield "## Instructions to replicators"
    yield ""
    yield f"    bash {layout.SCRIPT}"
    yield ""
    yield (
        "It ends with the word MATCH, or names the first cell that differs, with both values. Without the script: "
        f"install `{layout.REQUIREMENTS}`, then `eventstudy verify .` in this folder."
    )
    if not facts["prices_included"]:
        yield ""
        yield (
            "Prices first: `eventstudy data fetch` with the study file downloads them where the sources still answer, "
            f"and `eventstudy verify . --prices FILE` takes them from a file that `eventstudy data freeze` wrote. Only "
            f"prices with the fingerprint `{facts['prices'][:12]}` are taken."
        )


def _list_of_exhibits(exhibits: Sequence[tuple[str, str, str, str, str]]) -> Iterator[str]:
    """Yield tables and figures with the program that makes each."""
    yield "## List of tables and figures"
    yield ""
    yield f"{counted(len(exhibits), 'table and figure', 'tables and figures')}, also in `{layout.EXHIBITS}`."
    yield ""
    yield "| Table or figure | Section | Program | Line | File |"
    yield "|---|---|---|---|---|"
    for row in exhibits:
        yield "| " + " | ".join(cell.replace("|", "/") or "–" for cell in row) + " |"
