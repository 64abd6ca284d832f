"""Events by the number that the report gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventstudy import labels

if TYPE_CHECKING:
    import pandas as pd

    from eventstudy.spec import Study


def numbered_titles(study: Study) -> dict[str, str]:
    """Return the titles of the events behind their numbers, by id."""
    numbers = labels.numbers(study)
    return {
        key: labels.numbered(numbers[key], title) for key, title in labels.titles(study).items()
    }


def by_number(study: Study, found: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a frame in the order of the numbers of their events."""
    numbers = labels.numbers(study)
    return found.sort_values("event_id", key=lambda ids: ids.map(numbers), kind="stable")
