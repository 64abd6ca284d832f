"""What a report says, in the language of its reader, with every number and where it comes from."""

from eventstudy.language.catalogue import LANGUAGES, current, marked, say, say_n, using
from eventstudy.language.numbers import (
    Datum,
    Number,
    Said,
    Whole,
    as_number,
    derived,
    join,
    numbers_of,
    same_numbers,
)

__all__ = [
    "LANGUAGES",
    "Datum",
    "Number",
    "Said",
    "Whole",
    "as_number",
    "current",
    "derived",
    "join",
    "marked",
    "numbers_of",
    "same_numbers",
    "say",
    "say_n",
    "using",
]
