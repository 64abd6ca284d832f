"""Sentences made from numbers by rules; none says more than the tests allow."""

from eventstudy.prose.method import design, estimation, formulas, question
from eventstudy.prose.panel import (
    panel_design,
    panel_groups,
    panel_method,
    panel_question,
    panel_summary,
    panel_title,
)
from eventstudy.prose.summary import Sentence, average, cautions, headline, summary
from eventstudy.prose.verdict import day0_caption, path_caption, verdict

__all__ = [
    "Sentence",
    "average",
    "cautions",
    "day0_caption",
    "design",
    "estimation",
    "formulas",
    "headline",
    "panel_design",
    "panel_groups",
    "panel_method",
    "panel_question",
    "panel_summary",
    "panel_title",
    "path_caption",
    "question",
    "summary",
    "verdict",
]
