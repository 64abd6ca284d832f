"""Our own earlier output: a change of a number or an outcome is seen, and made on purpose.

These files say nothing about being right; tests/reference does. Write them anew with
`pytest tests/golden --update-golden` and read the difference before it is committed.
"""

from pathlib import Path

import pytest

from eventstudy import labels
from eventstudy.tables import outcomes
from tests.studies import result_of

HERE = Path(__file__).parent
STUDIES = sorted((HERE.parents[1] / "events").glob("*.yaml"))


def lines(result):
    """Table 1 of a study as text, one line per event and index."""
    study = result.study
    verdicts = labels.headline(result, "verdicts")
    keys = [
        f"{row.event_id} {row.asset}"
        for event in labels.in_order(study)
        for row in labels.records(verdicts[verdicts["event_id"] == event.id])
    ]
    cells = [
        " | ".join(f"{cell.text} {cell.detail}".strip() for cell in row[-6:])
        for row in outcomes(result).rows
    ]
    return "".join(f"{key} | {text}\n" for key, text in zip(keys, cells, strict=True))


@pytest.mark.parametrize("path", STUDIES, ids=lambda path: path.stem)
def test_outcomes(path, request):
    golden = HERE / f"{path.stem}.txt"
    found = lines(result_of(path.stem))
    if request.config.getoption("--update-golden"):
        golden.write_text(found, encoding="utf-8")
    assert found == golden.read_text(encoding="utf-8")
