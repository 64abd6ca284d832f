"""Run a study: the only orchestrator; it reads like the method section of a paper."""

from eventstudy.study.inputs import Inputs, gather
from eventstudy.study.run import answer, run_study

__all__ = ["Inputs", "answer", "gather", "run_study"]
