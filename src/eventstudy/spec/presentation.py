"""How a study is shown: the language and the sections of its report, the files written beside it."""

from __future__ import annotations

from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, Field

from eventstudy import registry
from eventstudy.errors import UnknownNameError, shown
from eventstudy.spec.base import Entry
from eventstudy.spec.fields import Level, RefusedError

SECTIONS = "eventstudy.document.sections"
"""Folder of the sections of a report."""

Value = TypeVar("Value", str, float)
ExportFormat = Literal["tex", "xlsx", "docx-html", "md", "csv", "parquet", "json", "figures"]


def _section(value: str) -> str:
    """Return the name of a section that exists."""
    known = registry.module_names(SECTIONS)
    if value not in known:
        raise RefusedError("unknown-name", str(UnknownNameError("section", value, known)))
    return value


def once(values: tuple[Value, ...]) -> tuple[Value, ...]:
    """Return some names or numbers, if none stands there twice."""
    for position, value in enumerate(values):
        if value in values[:position]:
            message = f"{shown(value)} stands there twice; keep one"
            raise RefusedError("duplicate-entry", message)
    return values


Sections = Annotated[
    tuple[Annotated[str, AfterValidator(_section)], ...],
    Field(min_length=1),
    AfterValidator(once),
]
Exports = Annotated[tuple[ExportFormat, ...], AfterValidator(once)]


Stars = Annotated[tuple[Level, ...], Field(max_length=4), AfterValidator(once)]


class Presentation(Entry):
    """How the report of a study is written.

    Attributes
    ----------
    language : {'en', 'zh-Hans'}
        Language of headings, sentences, numbers and dates; what the study file says stays as it is.
    sections : tuple of str
        Sections of the page in their order; all of them, in the usual order, unless given.
    brackets : {'p', 'se'}, optional
        What stands in round brackets beside or below an estimate, in the page and in every export:
        its p-value or its standard error. What the tables have by themselves, mostly intervals, unless
        given.
    stars : tuple of float
        Levels at or below which the p-value of an estimate earns a star: ``[0.1, 0.05, 0.01]`` gives one
        to three. None unless given.
    """

    language: Literal["en", "zh-Hans"] = "en"
    sections: Sections | None = None
    brackets: Literal["p", "se"] | None = None
    stars: Stars = ()
