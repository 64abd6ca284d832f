"""A bundle described to machines: Citation File Format, RO-Crate and Frictionless Data."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from eventstudy.bundle import layout
from eventstudy.columns import FRAMES, TEXT, dtype_of
from eventstudy.sources.base import Series

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from eventstudy.bundle.contents import Given
    from eventstudy.results import StudyResult

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
    ".yaml": "application/yaml",
}
"""Media types by the end of a name."""


def write(folder: Path, result: StudyResult, given: Given) -> None:
    """Write ``CITATION.cff``, ``datapackage.json`` and ``ro-crate-metadata.json``.

    Parameters
    ----------
    folder : pathlib.Path
        A bundle with all of its other files.
    result : StudyResult
        What it holds.
    given : Given
        What its author says of it.
    """
    (folder / layout.CITATION).write_text(
        "\n".join(_citation(result, given)) + "\n", encoding="utf-8"
    )
    _json(folder / layout.PACKAGE, _package(folder, result, given))
    _json(folder / layout.CRATE, _crate(folder, result, given))


def _json(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _citation(result: StudyResult, given: Given) -> Iterator[str]:
    """Yield the lines of the citation."""
    yield f"cff-version: {CFF}"
    yield "message: If you use this replication package, please cite it as below."
    yield "type: dataset"
    yield f"title: {json.dumps(_title(result), ensure_ascii=False)}"
    yield "authors:"
    for name in given.authors or (f"The authors of {result.study.title}",):
        yield f"  - name: {json.dumps(name, ensure_ascii=False)}"
    if given.licence:
        yield f"license: {given.licence}"
    if given.day:
        yield f"date-released: {given.day}"


def _title(result: StudyResult) -> str:
    """Return the title of a bundle."""
    return f"Replication package: {result.study.title}"


def _package(folder: Path, result: StudyResult, given: Given) -> dict[str, Any]:
    """Return the results as a tabular data package."""
    licences = [{"name": given.licence}] if given.licence else []
    return {
        "profile": "tabular-data-package",
        "name": folder.name.lower(),
        "title": _title(result),
        **({"licenses": licences} if licences else {}),
        **({"created": f"{given.day}T00:00:00Z"} if given.day else {}),
        "resources": [
            {
                "profile": "tabular-data-resource",
                "name": name.replace("_", "-"),
                "path": f"{layout.OUTPUT}/results/{name}.csv",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "schema": {
                    "fields": [{"name": column, "type": _type(column)} for column in columns],
                    "missingValues": [""],
                },
            }
            for name, columns in FRAMES.items()
            if len(result.frames[name])
        ],
    }


def _type(column: str) -> str:
    """Return the type of a column of results."""
    if column in TEXT:
        return "string"
    return "integer" if np.issubdtype(np.dtype(dtype_of(column)), np.integer) else "number"


def _crate(folder: Path, result: StudyResult, given: Given) -> dict[str, Any]:
    """Return every file of a bundle as a research object."""
    files = sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in (layout.CRATE, layout.SUMS)
    )
    authors = given.authors or (f"The authors of {result.study.title}",)
    people = [
        {"@id": f"#author-{n + 1}", "@type": "Person", "name": name}
        for n, name in enumerate(authors)
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
                "name": _title(result),
                "description": result.study.description or _title(result),
                "datePublished": given.day or "1970-01-01",
                "license": given.licence or UNDECIDED,
                "author": [{"@id": person["@id"]} for person in people],
                "hasPart": [{"@id": name} for name in files],
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
        "@id": name,
        "@type": "File",
        "name": path.name,
        "encodingFormat": media,
        "contentSize": str(path.stat().st_size),
    }
