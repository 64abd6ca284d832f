"""Lists that make a dimension of the grid of a simulation, with what their values may be."""

from __future__ import annotations

import re
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field

from eventstudy.inference.sides import Alternative
from eventstudy.spec.base import Choice, Window
from eventstudy.spec.fields import Finite, RefusedError, one_or_more

Dates = Literal["common", "spread"]
"""All events of a sample on one date, or each on a date of its own."""

NORMAL, NONE = "normal", "none"
TAILS = re.compile(r"normal|[3-9]|[1-9]\d{1,2}")
GARCH = re.compile(r"none|(0?\.\d{1,4}|0)/(0?\.\d{1,4}|0)")


def _tails(values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        if not TAILS.fullmatch(value):
            message = f"{value!r} is not allowed; write normal, or degrees of freedom from 3 to 999"
            raise RefusedError("bad-value", message)
    return values


def _garch(values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        match = GARCH.fullmatch(value)
        if not match or (value != NONE and float(match[1]) + float(match[2]) >= 1):
            message = f"{value!r} is not allowed; write none, or alpha/beta with a sum below 1, as in 0.1/0.85"
            raise RefusedError("bad-value", message)
    return values


T = TypeVar("T")


def _once(values: tuple[T, ...]) -> tuple[T, ...]:
    """Refuse a value or a label that stands twice: its samples would count twice."""
    names = [value.label if isinstance(value, Choice) else value for value in values]
    for position, name in enumerate(names):
        if name in names[:position]:
            other = ", or give it a `label`" if isinstance(values[position], Choice) else ""
            message = (
                f"{name if isinstance(name, Window) else repr(name)} stands twice; keep one{other}"
            )
            raise RefusedError("bad-value", message, at=(position,))
    return values


Several = BeforeValidator(one_or_more)
Once = AfterValidator(_once)
Some = Field(min_length=1)
Counts = Annotated[tuple[Annotated[int, Field(ge=1, le=10_000)], ...], Several, Once, Some]
Percents = Annotated[tuple[Annotated[Finite, Field(ge=-100, le=100)], ...], Several, Once, Some]
Factors = Annotated[tuple[Annotated[Finite, Field(ge=1, le=100)], ...], Several, Once, Some]
Shares = Annotated[tuple[Annotated[Finite, Field(ge=0, lt=1)], ...], Several, Once, Some]
Sides = Annotated[tuple[Alternative, ...], Several, Once, Some]
Days = Annotated[tuple[Dates, ...], Several, Once, Some]
Tails = Annotated[tuple[str, ...], Several, AfterValidator(_tails), Once, Some]
Garch = Annotated[tuple[str, ...], Several, AfterValidator(_garch), Once, Some]
