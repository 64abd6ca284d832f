"""Write ``reports/sample/index.html``: a small report for whoever looks at the repository, without script.

``python docs/build_sample.py`` writes it anew; a test holds it against the code.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from eventstudy.report.render import study_pages
from eventstudy.spec import load
from eventstudy.study import run_study

if TYPE_CHECKING:
    from eventstudy.results import StudyResult

ROOT = Path(__file__).parents[1]
STUDY = ROOT / "events" / "tech-meetings.yaml"
SAMPLE = ROOT / "reports" / "sample" / "index.html"
OTHERS = '<a href="../index.html">All studies</a>'
"""The repository holds no page of all studies."""
LOCKED = "as in requirements.lock"


def page(result: StudyResult) -> str:
    """Return the page of the study as every machine writes it: no version but those of the lock file."""
    versions = dict.fromkeys(result.provenance.versions, LOCKED)
    command = f"eventstudy run events/{STUDY.name} --static"
    provenance = replace(result.provenance, versions=versions, command=command)
    text = dict(study_pages(replace(result, provenance=provenance), static=True))["index.html"]
    return text.replace(f"<li>{OTHERS}</li>\n", "")


if __name__ == "__main__":
    SAMPLE.parent.mkdir(exist_ok=True)
    SAMPLE.write_text(page(run_study(load(STUDY))), encoding="utf-8")
    print(f"{SAMPLE.relative_to(ROOT)} written")
