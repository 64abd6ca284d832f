"""Run a study: the only orchestrator; it reads like the method section of a paper."""

from eventstudy.study.run import run_study

__all__ = ["run_study"]
