"""What was lost, where and why: a lost event is data, not an exception."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dropped:
    """One cell (event x asset x model) that could not be studied.

    Cells in = cells studied + cells dropped, always. An event is lost when no cell of it survives.

    Attributes
    ----------
    event_id, asset, model : str
        The cell; `model` is the label under which the study runs the model.
    stage : str
        Where it was lost: ``alignment``, ``returns`` or ``estimation``.
    reason : str
        Why, in words that a reader of the report understands.
    """

    event_id: str
    asset: str
    model: str
    stage: str
    reason: str
