"""What a type checker must find right: never run, only checked by `make check`."""

from datetime import date
from pathlib import Path
from typing import assert_type

import numpy as np
import pandas as pd

import eventstudy as es

assert_type(es.load("events/stamp-duty.yaml"), es.StudyFile)
assert_type(es.load(Path("a.yaml")).study, es.Study)
assert_type(es.load("a.yaml").study.events, tuple[es.Event, ...])

result = es.run(es.load("a.yaml"), offline=True)
assert_type(result, es.Result)
assert_type(es.run("a.yaml", cache="cache"), es.Result)
assert_type(result.to_frame("car"), pd.DataFrame)
assert_type(result.frames, tuple[str, ...])
assert_type(result.summary(), es.Summary)
assert_type(str(result.summary()), str)
result.save("results")

page = es.report(result, language="zh-Hans", static=True)
assert_type(page, es.Report)
assert_type(page.save("report.html"), Path)
assert_type(page.path, Path | None)
assert_type(page.html, str)

returns = pd.DataFrame({"A": [0.01]}, index=pd.DatetimeIndex(["2023-08-28"]))
assert_type(es.study(returns, "2023-08-28"), es.Result)
es.study(returns, [date(2023, 8, 28), np.datetime64("2023-08-29"), pd.Timestamp("2023-08-30")])
es.study(returns, pd.DatetimeIndex(["2023-08-28"]), market="A", models=["market", "constant_mean"])
es.study(returns["A"], pd.DataFrame({"date": ["2023-08-28"]}), market=returns["A"], calendar="XSHG")
es.study(returns, ["2023-08-28"], windows=[(0, 0), (-1, 1)], alternative="greater", seed=2)
chosen: es.Options = {"estimation": (-120, -11), "statistics": "bmp"}
es.study(returns, ["2023-08-28"], **chosen)
assert_type(es.Window(-1, 1).length, int)


def why(error: es.EventStudyError) -> int:
    """Errors are one tree."""
    return error.exit_code
