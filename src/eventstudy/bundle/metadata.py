"""A bundle described to machines: Citation File Format, RO-Crate and Frictionless Data."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import numpy as np

from eventstudy.bundle import layout
from eventstudy.bundle.readme import title
from eventstudy.columns import FRAMES, TEXT, dtype_of
from eventstudy.sources.base import Series

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from eventstudy.bundle.contents import Given
    from eventstudy.bundle.parts import Part

__all__ = ["Series", "write"]

UNDECIDED = "not decided"
CFF, CRATE = "1.2.0", "https://w3id.org/ro/crate/1.1"
MEDIA = {
    ".csv": "text/csv",
    ".html": "text/html",
    ".json": "application/json",
    ".md": "text/markdown",
    ".parquet": "application/vnd.apache.parquet",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".sh": "application/x-sh",
    ".svg": "image/svg+xml",
    ".tex": "application/x-tex",
    ".txt": "text/plain",
    ".whl": "application/zip",
    ".yaml": "application/yaml",
}
"""Media types by the end of a name."""

_NOT_IN_NAMES = re.compile(r"[^a-z0-9._-]+")


def write(folder: Path, parts: Sequence[Part], given: Given) -> None:
    """Write ``CITATION.cff``, ``datapackage.json`` and ``ro-crate-metadata.json``.

    Parameters
    ----------
    folder : pathlib.Path
        A bundle with all of its other files.
    parts : sequence of Part
        Its studies.
    given : Given
        What its author says of it.
    """
    (folder / layout.CITATION).write_text(
        "\n".join(_citation(parts, given)) + "\n", encoding="utf-8"
    )
    _json(folder / layout.PACKAGE, _package(folder, parts, given))
    _json(folder / layout.CRATE, _crate(folder, parts, given))


def _json(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _citation(parts: Sequence[Part], given: Given) -> Iterator[str]:
    """Yield the lines of the citation."""
    yield f"cff-version: {CFF}"
    yield "message: If you use this replication package, please cite it as below."
    yield "type: dataset"
    yield f"title: {json.dumps(title(parts), ensure_ascii=False)}"
    yield "authors:"
    for name in _authors(parts, given):
        family, comma, rest = (part.strip() for part in name.partition(","))
        yield f"  - {'family-names' if comma else 'name'}: {json.dumps(family, ensure_ascii=False)}"
        if comma:
            yield f"    given-names: {json.dumps(rest, ensure_ascii=False)}"
    if given.licence:
        yield f"license: {given.licence}"
    if given.day:
        yield f"date-released: {given.day}"


def _authors(parts: Sequence[Part], given: Given) -> tuple[str, ...]:
    """Return the names of the authors; those of the studies, as such, where none is given."""
    return given.authors or tuple(f"The authors of {part.result.study.title}" for part in parts)


def _package(folder: Path, parts: Sequence[Part], given: Given) -> dict[str, Any]:
    """Return the results as a tabular data package."""
    licences = [{"name": given.licence}] if given.licence else []
    return {
        "profile": "tabular-data-package",
        "name": _NOT_IN_NAMES.sub("-", folder.name.lower()).strip("-") or "bundle",
        "title": title(parts),
        **({"licenses": licences} if licences else {}),
        **({"created": f"{given.day}T00:00:00Z"} if given.day else {}),
        "resources": [each for part in parts for each in _resources(part)],
    }


def _resources(part: Part) -> Iterator[dict[str, Any]]:
    """Yield the tables of results of a study."""
    output = part.facts["output"]
    prefix = output.removeprefix(layout.OUTPUT).strip("/")
    for name, columns in FRAMES.items():
        if len(part.result.frames[name]):
            yield {
                "profile": "tabular-data-resource",
                "name": _NOT_IN_NAMES.sub("-", f"{prefix}-{name}".lower()).strip("-"),
                "path": f"{output}/results/{name}.csv",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "schema": {
                    "fields": [{"name": column, "type": _type(column)} for column in columns],
                    "missingValues": [""],
                },
            }


def _description(parts: Sequence[Part]) -> str:
    """Return what a bundle is about."""
    return " ".join(part.result.study.description for part in parts).strip() or title(parts)


def _type(column: str) -> str:
    """Return the type of a column of results."""
    if column in TEXT:
        return "string"
    return "integer" if np.issubdtype(np.dtype(dtype_of(column)), np.integer) else "number"


def _crate(folder: Path, parts: Sequence[Part], given: Given) -> dict[str, Any]:
    """Return every file of a bundle as a research object."""
    files = sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in (layout.CRATE, layout.SUMS)
    )
    people = [
        {"@id": f"#author-{n + 1}", "@type": "Person", "name": name}
        for n, name in enumerate(_authors(parts, given))
    ]
    return {
        "@context": f"{CRATE}/context",
        "@graph": [
            {
                "@id": layout.CRATE,
                "@type": "CreativeWork",
                "about": {"@id": "./"},
                "conformsTo": {"@id": CRATE},
            },
            {
                "@id": "./",
                "@type": "Dataset",
                "name": title(parts),
                "description": _description(parts),
                "datePublished": given.day or "1970-01-01",
                "license": given.licence or UNDECIDED,
                "author": [{"@id": person["@id"]} for person in people],
                "hasPart": [{"@id": quote(name)} for name in files],
            },
            *people,
            *(_file(folder, name) for name in files),
        ],
    }


def _file(folder: Path, name: str) -> dict[str, Any]:
    """Return one file of the crate."""
    path = folder / name
    media = MEDIA.get(path.suffix, "text/plain")
    return {
        "@id": quote(name),
        "@type": "File",
        "name": path.name,
        "encodingFormat": media,
        "contentSize": str(path.stat().st_size),
    }
