"""From the complaints of pydantic to problems in our own words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from eventstudy.errors import closest, did_you_mean, shown
from eventstudy.spec.fields import RefusedError
from eventstudy.yamlfile import Where, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails


class Finding(NamedTuple):
    """A mistake before its line is looked up.

    Attributes
    ----------
    code : str
        One of :data:`eventstudy.errors.CODES`.
    where : tuple of str and int
        Keys and list positions that lead to the value.
    message : str
        What is wrong, what is allowed.
    at_key : bool
        Whether the key is wrong and not its value.
    """

    code: str
    where: Where
    message: str
    at_key: bool = False


WORDS = {
    "missing": ("missing-key", "is missing; add the line `{key}: ...`"),
    "string_type": ("wrong-type", "must be text, not {kind}"),
    "tuple_type": ("wrong-type", "must be a list such as [a, b], not {kind}"),
    "list_type": ("wrong-type", "must be a list such as [a, b], not {kind}"),
    "dict_type": ("wrong-type", "must be a block of keys (`key: value`), not {kind}"),
    "model_type": ("wrong-type", "must be a block of keys (`key: value`), not {kind}"),
    "int_type": ("bad-number", "must be a whole number such as 1, not {kind}"),
    "int_parsing": ("bad-number", "must be a whole number such as 1, not {got}"),
    "int_parsing_size": ("out-of-range", "the number {got} is too large"),
    "float_type": ("bad-number", "must be a number such as 0.5, not {kind}"),
    "float_parsing": ("bad-number", "must be a number such as 0.5, not {got}"),
    "finite_number": ("bad-number", "must be a finite number, not {got}"),
    "bool_type": ("bad-flag", "must be true or false, not {kind}"),
    "bool_parsing": ("bad-flag", "must be true or false, not {got}"),
    "greater_than": ("out-of-range", "{got} is out of range; it must be more than {gt:g}"),
    "greater_than_equal": ("out-of-range", "{got} is out of range; it must be at least {ge:g}"),
    "less_than": ("out-of-range", "{got} is out of range; it must be less than {lt:g}"),
    "less_than_equal": ("out-of-range", "{got} is out of range; it must be at most {le:g}"),
    "too_short": (
        "empty-value",
        "the list needs {min_length} or more entries; write them or remove the line",
    ),
    "literal_error": ("not-a-choice", "{got} is not allowed; {choices}"),
}
"""Code and wording by pydantic's type of error."""


def findings(
    error: ValidationError, where: Where, *, keys_of: Callable[[Where], Iterable[str]]
) -> Iterator[Finding]:
    """Yield the mistakes behind a validation error, each once: a misspelt key is not also missing.

    Parameters
    ----------
    error : pydantic.ValidationError
        What pydantic found.
    where : tuple of str and int
        Place of the value that was validated.
    keys_of : callable
        Returns the keys that the block at a place knows.
    """
    every = error.errors(include_url=False)
    details = [detail for detail in every if not _follows(detail, every)]
    meant = {
        (
            *detail["loc"][:-1],
            closest(str(detail["loc"][-1]), keys_of((*where, *detail["loc"][:-1]))),
        )
        for detail in details
        if detail["type"] == "extra_forbidden"
    }
    for detail in details:
        misspelt = detail["type"] == "missing" and tuple(detail["loc"]) in meant
        if not misspelt:
            yield _finding(detail, (*where, *detail["loc"]), keys_of)


def unknown_key(kind: str, code: str, where: Where, allowed: Iterable[str]) -> Finding:
    """Return the mistake of a key that a block does not know."""
    key, words = str(where[-1]), tuple(allowed)
    known = f"allowed: {', '.join(words)}" if words else "none is allowed"
    message = f"there is no {kind} {shown(key)}; {known}{did_you_mean(key, words)}"
    return Finding(code, where, message, at_key=True)


def _follows(detail: ErrorDetails, every: Iterable[ErrorDetails]) -> bool:
    """Tell whether an error only follows from another: a list is short for its wrong entries."""
    if detail["type"] == "default_factory_not_called":
        return True
    inside = len(detail["loc"])
    return detail["type"] == "too_short" and any(
        len(other["loc"]) > inside and other["loc"][:inside] == detail["loc"] for other in every
    )


def _finding(
    detail: ErrorDetails, where: Where, keys_of: Callable[[Where], Iterable[str]]
) -> Finding:
    kind, ctx = detail["type"], detail.get("ctx", {})
    if kind == "extra_forbidden":
        return unknown_key("key", "unknown-key", where, keys_of(where[:-1]))
    if kind == "value_error":
        return _refused(ctx["error"], where)
    code, words = WORDS.get(kind, ("bad-value", "{got} is not allowed here"))
    value = detail["input"]
    given = {
        "key": where[-1] if where else "",
        "kind": kind_of(value),
        "got": shown(value) if isinstance(value, str | int | float) else kind_of(value),
        "choices": _choices(value, ctx.get("expected", "")),
    }
    return Finding(code, where, words.format_map({**ctx, **given}))


def _refused(error: ValueError, where: Where) -> Finding:
    """Return the mistake that a validator of ours, or of a plug-in, found."""
    at_key = where[-1:] == ("[key]",)
    place = where[:-1] if at_key else where
    if isinstance(error, RefusedError):
        return Finding(error.code, (*place, *error.at), error.message, at_key)
    return Finding("bad-value", place, str(error), at_key)


def _choices(value: object, expected: str) -> str:
    """Return the allowed words, and the one that was perhaps meant."""
    words = re.findall(r"'([^']*)'", expected)
    close = did_you_mean(value, words) if isinstance(value, str) else ""
    return f"allowed: {', '.join(words)}{close}"
