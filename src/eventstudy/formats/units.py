"""Units of money in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventstudy.formats.counting import listing
from eventstudy.language import marked, say

if TYPE_CHECKING:
    from collections.abc import Iterable

CURRENCIES = {
    "CNY": marked("yuan"),
    "HKD": marked("Hong Kong dollars"),
    "USD": marked("US dollars"),
    "EUR": marked("euros"),
    "GBP": marked("pounds"),
    "JPY": marked("yen"),
}
"""Names of currencies by their code of ISO 4217; others go by their code."""


def billions(currencies: Iterable[str]) -> str:
    """Write the unit of :func:`eventstudy.formats.large` in some currencies, if they are known.

    Examples
    --------
    >>> billions(["CNY"]), billions(["CHF"]), billions([""])
    ('billion yuan', 'billion CHF', 'billion')
    """
    names = [
        say(CURRENCIES[code]) if code in CURRENCIES else code
        for code in dict.fromkeys(currencies)
        if code
    ]
    if not names:
        return say("billion")
    return say("billion {currency}", currency=listing(names))
