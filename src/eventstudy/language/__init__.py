"""What a report says, in the language of its reader, with every number and where it comes from."""

from eventstudy.language.catalogue import (
    LANGUAGES,
    current,
    marked,
    say,
    say_n,
    sentences,
    using,
)
from eventstudy.language.numbers import (
    Cited,
    Condition,
    Datum,
    Number,
    Rule,
    Said,
    Whole,
    as_number,
    derived,
    join,
    numbers_of,
    quoted,
    same_numbers,
    source_of,
)
from eventstudy.language.retelling import naming, retold

__all__ = [
    "LANGUAGES",
    "Cited",
    "Condition",
    "Datum",
    "Number",
    "Rule",
    "Said",
    "Whole",
    "as_number",
    "current",
    "derived",
    "join",
    "marked",
    "naming",
    "numbers_of",
    "quoted",
    "retold",
    "same_numbers",
    "say",
    "say_n",
    "sentences",
    "source_of",
    "using",
]
