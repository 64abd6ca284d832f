"""Sentences made from numbers by rules; none says more than the tests allow."""

from eventstudy.prose.beside import apart, episodes, outcomes
from eventstudy.prose.brief import in_short
from eventstudy.prose.cautions import cautions, remarks
from eventstudy.prose.comparison import by_placebo, together
from eventstudy.prose.doubts import doubted, in_doubt
from eventstudy.prose.estimation import residuals
from eventstudy.prose.joint import jointly
from eventstudy.prose.lasting import fieller, projected, reversal
from eventstudy.prose.method import design, estimation, formulas, question
from eventstudy.prose.panel import (
    panel_design,
    panel_groups,
    panel_method,
    panel_question,
    panel_summary,
    panel_title,
)
from eventstudy.prose.robustness import specification_spread, specifications, varied_models
from eventstudy.prose.summary import Sentence, average, headline, summary
from eventstudy.prose.verdict import day0_caption, path_caption, verdict

__all__ = [
    "Sentence",
    "apart",
    "average",
    "by_placebo",
    "cautions",
    "day0_caption",
    "design",
    "doubted",
    "episodes",
    "estimation",
    "fieller",
    "formulas",
    "headline",
    "in_doubt",
    "in_short",
    "jointly",
    "outcomes",
    "panel_design",
    "panel_groups",
    "panel_method",
    "panel_question",
    "panel_summary",
    "panel_title",
    "path_caption",
    "projected",
    "question",
    "remarks",
    "residuals",
    "reversal",
    "specification_spread",
    "specifications",
    "summary",
    "together",
    "varied_models",
    "verdict",
]
