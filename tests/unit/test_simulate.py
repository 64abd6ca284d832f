"""Simulations: sizes that a closed formula gives, the same bytes whoever does the work, mistakes with their place."""

from __future__ import annotations

import json
import os
import re
import signal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtr, ndtri, stdtr, stdtrit

from eventstudy.cli import main
from eventstudy.errors import DataError, OptionError, SpecError
from eventstudy.panel.models import build_model
from eventstudy.simulate import COLUMNS, Workers, load, seconds, simulate, verdict
from eventstudy.simulate.allowed import MARKET
from eventstudy.simulate.design import Base
from eventstudy.simulate.draws import from_law, from_pool
from eventstudy.simulate.groups import GROUPS
from eventstudy.simulate.pool import Pool, pool_of
from eventstudy.simulate.run import monte_carlo_error
from eventstudy.simulate.task import Task, perform, regressors
from eventstudy.simulate.write import write_simulation
from eventstudy.sources.snapshot import Snapshot
from eventstudy.spec import built_in

ROOT = Path(__file__).resolve().parents[2]
HEAD = "format: 1\ntitle: Sizes\n"
CLASSICAL = """
samples: 500
estimation: [-120, -1]
events: 10
dates: common
law: {correlation: [0, 0.1]}
variance: [1, 2]
effect: [0, 1]
statistics: [cross_sectional_t, patell, bmp]
"""


def written(folder, text):
    path = folder / "design.yaml"
    path.write_text(HEAD + text, encoding="utf-8")
    return load(path)


@pytest.fixture(scope="module")
def classical(tmp_path_factory):
    return simulate(written(tmp_path_factory.mktemp("design"), CLASSICAL)).frame


def rate(frame, **keys):
    (row,) = frame[(frame[list(keys)] == pd.Series(keys)).all(axis=1)].itertuples()
    return row


@pytest.mark.parametrize("statistic", ["cross_sectional_t", "patell", "bmp"])
def test_sizes_under_correlation_are_those_of_the_formula(classical, statistic):
    """2 Phi(-1.96 / sqrt(1 + (N - 1) r)): 15.51 per cent for N = 10 and r = .1."""
    expected = 2 * ndtr(-1.959964 / np.sqrt(1 + 9 * 0.1))
    found = rate(classical, statistic=statistic, correlation=0.1, variance=1.0, effect=0.0)
    assert abs(found.rate - expected) <= 4 * np.sqrt(expected * (1 - expected) / 500)
    assert found.verdict == "over"


def test_size_of_patell_under_a_larger_variance_is_that_of_the_formula(classical):
    """2 Phi(-1.96 / sqrt(2)): 16.58 per cent; the spread on the event keeps the level."""
    expected = 2 * ndtr(-1.959964 / np.sqrt(2))
    found = rate(classical, statistic="patell", correlation=0.0, variance=2.0, effect=0.0)
    assert abs(found.rate - expected) <= 4 * np.sqrt(expected * (1 - expected) / 500)
    kept = rate(classical, statistic="bmp", correlation=0.0, variance=2.0, effect=0.0)
    assert kept.verdict == "sized"


def test_power_is_that_of_the_formula(classical):
    """sqrt(10) 1% / 2%: Phi(-1.96 - l) + 1 - Phi(1.96 - l) = .35, as in MacKinlay's table."""
    shift = np.sqrt(10) / 2
    expected = ndtr(-1.959964 - shift) + 1 - ndtr(1.959964 - shift)
    found = rate(classical, statistic="patell", correlation=0.0, variance=1.0, effect=1.0)
    assert abs(found.rate - expected) <= 4 * np.sqrt(expected * (1 - expected) / 500)
    assert found.verdict == ""


def test_the_time_of_a_simulation_is_estimated(tmp_path, capsys, monkeypatch):
    file = written(tmp_path, "samples: 10\nestimation: [-60, -1]\nevents: 5\nstatistics: [bmp]\n")
    assert 0 < seconds(file) < 10
    monkeypatch.setattr("eventstudy.simulate.seconds", lambda _: 7260.0)
    assert main(["simulate", str(file.path), "--out", str(tmp_path / "o"), "--workers", "1"]) == 0
    assert capsys.readouterr().err == "About 2 hours.\n"
    monkeypatch.setattr("eventstudy.simulate.seconds", lambda _: 40.0)
    arguments = ["simulate", str(file.path), "--out", str(tmp_path / "o"), "--workers", "1"]
    assert main([*arguments, "--samples", "101"]) == 0
    assert capsys.readouterr().err == "About 40 seconds; --samples 100 tries a design.\n"


def test_a_verdict_needs_three_standard_errors():
    error = np.sqrt(0.05 * 0.95 / 1000)
    assert verdict(0.05 + 2.9 * error, 1000, 0.05) == "sized"
    assert verdict(0.05 + 3.1 * error, 1000, 0.05) == "over"
    assert verdict(0.05 - 3.1 * error, 1000, 0.05) == "under"
    assert verdict(float("nan"), 0, 0.05) == ""


def test_events_of_one_sample_are_not_independent():
    """By hand: 2 of 2 and 0 of 2, (2 - 1)^2 + (0 - 1)^2 = 2, error sqrt(2) / 4; four samples of one test
    with two rejections, error 1/4. An error twice that of independent tests takes a rate twice as far off."""
    assert monte_carlo_error(0.5, 4, (4, 4, 8)) == pytest.approx(np.sqrt(2) / 4)
    assert monte_carlo_error(0.5, 4, (2, 2, 4)) == pytest.approx(0.25)
    assert np.isnan(monte_carlo_error(float("nan"), 0, (0, 0, 0)))
    rate = 0.05 + 5 * np.sqrt(0.05 * 0.95 / 1000)
    independent = np.sqrt(rate * (1 - rate) / 1000)
    assert verdict(rate, 1000, 0.05, independent) == "over"
    assert verdict(rate, 1000, 0.05, 2 * independent) == "sized"


def test_the_error_of_a_test_of_events_is_that_of_samples(tmp_path):
    """With a correlation of .9 of the ten events of a date their tests say little more than one."""
    frame = simulate(
        written(
            tmp_path,
            "samples: 400\nestimation: [-60, -1]\nevents: 10\ndates: common\n"
            "law: {correlation: [0, 0.9]}\nstatistics: [forecast_t]\n",
        )
    ).frame
    apart, together = frame.itertuples()
    assert apart.std_error == pytest.approx(np.sqrt(apart.rate * (1 - apart.rate) / 4000), rel=0.2)
    assert together.std_error > 1.5 * apart.std_error


def drawn(tmp_path, text, base, samples=200):
    design = written(tmp_path, text).design
    return from_law(design, base, samples, np.random.default_rng(1))


def test_tails_correlation_and_volatility_of_a_law(tmp_path):
    """Standard deviation 2 per cent whatever the law; kurtosis and correlation as asked."""
    text = "estimation: [-200, -1]\ndates: common\nlaw: {beta: 0, market_sigma: 0.001}\n"
    panels = {
        name: drawn(tmp_path, text, Base(5, "common", **options)).sample.panel
        for name, options in {
            "normal": {},
            "tails": {"tails": "5"},
            "garch": {"garch": "0.1/0.85"},
            "together": {"correlation": 0.3},
        }.items()
    }
    for panel in panels.values():
        assert panel.std() == pytest.approx(0.02, rel=0.02)
    fourth = {name: (panel**4).mean() / (panel**2).mean() ** 2 for name, panel in panels.items()}
    assert fourth["normal"] == pytest.approx(3, abs=0.05)
    assert fourth["tails"] > 5
    assert fourth["garch"] > 3.2
    pairs = panels["together"].reshape(-1, 200, 5)
    found = np.corrcoef(pairs[:, :, 0].ravel(), pairs[:, :, 1].ravel())[0, 1]
    assert found == pytest.approx(0.3, abs=0.02)
    square = panels["garch"] ** 2
    assert np.corrcoef(square[1:].ravel(), square[:-1].ravel())[0, 1] > 0.1


def test_a_security_that_is_not_traded_catches_up(tmp_path):
    """Its price moves with the next trade: levels agree where there is one, and the effect lands there."""
    text = "estimation: [-50, -1]\nwindows: [[0, 4]]\ndates: common\n"
    thin = drawn(tmp_path, text, Base(3, "common", untraded=0.4))
    full = drawn(tmp_path, text, Base(3, "common"))
    still = thin.sample.panel == 0
    assert still.mean() == pytest.approx(0.4, abs=0.01)
    levels, seen = np.cumsum(full.sample.panel, axis=0), np.cumsum(thin.sample.panel, axis=0)
    np.testing.assert_allclose(seen[~still], levels[~still], atol=1e-12)
    day0 = thin.sample.day0[0]
    for event, lands in enumerate(thin.lands):
        assert still[day0 : day0 + lands, event].all()
        assert lands == 4 or not still[day0 + lands, event]


def pool(tmp_path):
    rng = np.random.default_rng(5)
    market = 0.01 * rng.standard_normal(400)
    returns = market[:, None] + 0.02 * rng.standard_normal((400, 6))
    returns[100:300, 0] = np.nan
    dates = np.datetime64("2001-01-01") + np.arange(400).astype("timedelta64[D]")
    return Pool(dates, returns, market)


@pytest.mark.parametrize(("dates", "events"), [("common", 5), ("spread", 8)])
def test_samples_of_observed_returns_are_complete(tmp_path, dates, events):
    """No event whose windows miss a return; common dates are one per sample, with no security twice."""
    design = written(tmp_path, "estimation: [-60, -1]\nwindows: [[0, 5]]\n").design
    found = from_pool(design, Base(events, dates), 50, np.random.default_rng(1), pool(tmp_path))
    gathered = found.sample.gather(slice(None), design.estimation)
    assert np.isfinite(gathered.asset).all()
    assert np.isfinite(found.sample.gather(slice(None), design.event_window).asset).all()
    days = found.sample.day0.reshape(50, events)
    assert (days == days[:, :1]).all() == (dates == "common")
    if dates == "common":
        assert all(len(set(each)) == events for each in found.sample.column.reshape(50, events))
    assert found.noise.std() == pytest.approx(0.02, rel=0.1)


def test_one_date_needs_as_many_securities_as_events(tmp_path):
    design = written(tmp_path, "estimation: [-60, -1]\n").design
    with pytest.raises(DataError, match=r"7 events on one date .* no date has more than 6"):
        from_pool(design, Base(7, "common"), 5, np.random.default_rng(1), pool(tmp_path))


def test_observed_returns_without_correlation_keep_the_size_on_one_date(tmp_path):
    """Independent residuals: Patell rejects 5 per cent; the same security twice would make it 11."""
    design = written(
        tmp_path, "estimation: [-60, -1]\ndates: common\nstatistics: [patell]\n"
    ).design
    rng = np.random.default_rng(6)
    market = 0.01 * rng.standard_normal(3000)
    returns = market[:, None] + 0.02 * rng.standard_normal((3000, 12))
    dates = np.datetime64("2001-01-01") + np.arange(3000).astype("timedelta64[D]")
    task = Task(Base(10, "common"), 1000, (0, 0))
    (found,) = perform(design, task, Pool(dates, returns, market))
    assert abs(found.rejections[0] / 1000 - 0.05) < 4 * np.sqrt(0.05 * 0.95 / 1000)


def test_a_table_of_returns(tmp_path):
    given = pool(tmp_path)
    table = pd.DataFrame(given.returns[:, 1:], columns=list("abcde")).assign(M=given.market)
    table.insert(0, "date", given.dates)
    table.to_csv(tmp_path / "returns.csv", index=False)
    text = "samples: 20\nestimation: [-60, -1]\nreturns: {file: returns.csv, market: M}\nstatistics: [bmp]\n"
    found = simulate(written(tmp_path, text)).frame
    assert found["tests"].tolist() == [20]
    with pytest.raises(DataError, match=r"has no column X; it has a, b, c, d, e, M"):
        simulate(written(tmp_path, text.replace("market: M", "market: X")))


def test_mistakes_have_their_place(tmp_path):
    text = "sampels: 10\nlaw: {tails: [2, normal], garch: 0.5/0.6}\ndates: never\nstatistics: [patel]\n"
    with pytest.raises(SpecError) as caught:
        written(tmp_path, text)
    said = str(caught.value)
    for part in (
        "design.yaml:3:1",
        "did you mean 'samples'",
        "degrees of freedom",
        "'never'",
        "'patell'",
    ):
        assert part in said
    with pytest.raises(SpecError, match="must end before the first window"):
        written(tmp_path, "estimation: [-60, 0]\n")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("events: [10, 10]", "design.yaml:3:14: events[1]: 10 stands twice"),
        ("statistics: [bmp, {name: bmp}]", "'bmp' stands twice; keep one, or give it a `label`"),
        ("models: [capm]", "design.yaml:3:10: models[0]: capm needs the factors Mkt-RF, RF"),
        ("models: [{name: market, benchmark: SPX}]", "one market, named MARKET"),
        ("models: [synthetic_control]", "needs more than the returns of a market by date"),
        ("returns: {file: ../a.csv, market: M}", "in the folder of the design or below it"),
        ("returns: {file: a.csv, market: M, securities: [M]}", "M is the market"),
        ("windows: [[1, 2]]", "must hold day 0"),
        ("windows: [[0, 1], [0, 1]]", "windows[1]: [0,+1] stands twice; keep one"),
        ("statistics: [bmp, permutation]", "3:19: statistics[1]: permutation holds one group"),
        ("statistics: [{name: sign_flip, drows: 9}]", "did you mean 'draws'"),
        ("models: [{name: market, lags: 1}]", "there is no option of the model 'market' called"),
        ("models: [{name: market, lag: previous_close}]", "cannot be simulated"),
        ("spread: 9\ndates: common", "3:9: spread: `spread` spaces out dates"),
        ("spread: 9\nreturns: {file: a.csv, market: M}", "drawn from the table a.csv"),
        ("returns: {market: SPX}", "name a `file`, or write `source: snapshot`"),
        ("returns: {source: snapshot, file: a, market: SPX}", "one of the two"),
        ("returns: {source: snapshot, market: SPY}", "did you mean 'SPX'"),
        ("returns: {source: snapshot, market: SPX, securities: [NORTHBOUND]}", "securities[0]"),
        ("law: {sigma: 0}", "law.sigma: '0' is out of range; it must be more than 0"),
        ("effect: .nan", "effect[0]: must be a number such as 0.5"),
    ],
)
def test_what_cannot_be_simulated_is_refused_with_its_place(tmp_path, text, said):
    with pytest.raises(SpecError) as caught:
        written(tmp_path, text)
    assert said in str(caught.value)


def test_returns_that_are_too_short(tmp_path):
    table = pd.DataFrame({"date": pd.date_range("2020-01-01", periods=30), "A": 0.01, "M": 0.01})
    table.to_csv(tmp_path / "returns.csv", index=False)
    with pytest.raises(DataError, match="251 sessions in a row are needed, and there are 30"):
        simulate(written(tmp_path, "returns: {file: returns.csv, market: M}\n"))


def test_a_test_that_never_applies_says_why(tmp_path, capsys):
    file = written(tmp_path, "samples: 10\nevents: 1\nstatistics: [bmp]\n")
    found = simulate(file)
    assert found.frame["tests"].tolist() == [0]
    assert found.frame["reason"].tolist() == ["1 event; 2 needed"]
    assert main(["simulate", str(file.path), "--out", str(tmp_path / "o"), "--workers", "1"]) == 0
    assert "No test could be made: 1 event; 2 needed." in capsys.readouterr().out
    assert "1 event; 2 needed" in (tmp_path / "o" / "index.html").read_text("utf-8")


def test_a_larger_variance_of_observed_returns_is_as_much_larger(tmp_path):
    """Returns of unit noise with the variance 2: that of the day of the event is twice that before."""
    design = written(tmp_path, "estimation: [-60, -1]\n").design
    found = from_pool(design, Base(40, "spread"), 100, np.random.default_rng(1), pool(tmp_path))
    plain = found.sample.gather(slice(None), design.event_window)
    apart = plain.asset - plain.factors[:, :, 0]
    ratio = (apart + found.noise).var() / apart.var()
    assert ratio == pytest.approx(2, abs=4 * 2 * np.sqrt(2 / apart.size) * np.sqrt(2))


def test_beta_of_thin_trading_is_biased_as_scholes_and_williams_say(tmp_path):
    """A return of untraded sessions is part of the next trade's: the slope on the same session's market
    return is (1 - p) beta, and with those of the sessions before, (1 - p) p^k each, it sums to beta."""
    text = "estimation: [-400, -1]\ndates: common\nlaw: {beta: 1.5, sigma: 0.5}\n"
    design = written(tmp_path, text).design
    sample = from_law(design, Base(5, "common", untraded=0.3), 200, np.random.default_rng(1)).sample
    market = sample.factors[sample.column_axis, :, 0].T
    for lag, expected in enumerate([1.5 * 0.7 * 0.3**lag for lag in range(3)]):
        late, seen = market[5 - lag : len(market) - lag], sample.panel[5:]
        slope = (late * seen).mean() / (market**2).mean()
        assert slope == pytest.approx(expected, abs=4 * 1.5 / np.sqrt(seen.size / 5))


@pytest.mark.parametrize(
    ("model", "share"),
    [
        ("market", 1 - 0.3),
        ("{name: scholes_williams, slopes: instrument}", 1 - 0.3**2),
        ("dimson", 1 - 0.3**2),
        ("{name: dimson, leads_lags: 2}", 1 - 0.3**3),
    ],
)
def test_betas_from_leads_and_lags(tmp_path, model, share):
    """Of a market without autocorrelation the slopes on k sessions before add up: beta (1 - p^(k + 1))."""
    text = "estimation: [-400, -1]\ndates: common\nlaw: {beta: 1.5, sigma: 0.5}\n"
    design = written(tmp_path, f"{text}models: [{model}]\n").design
    sample = from_law(design, Base(5, "common", untraded=0.3), 60, np.random.default_rng(1)).sample
    built = build_model(design.models[0], MARKET)
    beta = built.fit(regressors(sample, built)).coefficients[:, 1]
    assert beta.mean() == pytest.approx(1.5 * share, abs=4 * beta.std() / np.sqrt(60))


@pytest.mark.parametrize("model", ["constant_mean", "market_adjusted", "scholes_williams"])
def test_models_that_look_at_other_sessions_or_none(tmp_path, model):
    """Windows at both ends of the calendar hold all regressors; Patell's size is 5 per cent."""
    text = f"samples: 300\nestimation: [-60, -1]\nevents: 8\nspread: 2\nmodels: [{model}]\n"
    design = written(tmp_path, f"{text}statistics: [patell]\nlaw: {{market_sigma: 0.1}}\n").design
    (found,) = perform(design, Task(next(design.bases()), 300, (0, 0)), None)
    assert found.tests.tolist() == [300]
    assert abs(found.rejections[0] / 300 - 0.05) < 4 * np.sqrt(0.05 * 0.95 / 300)


def test_what_a_larger_variance_adds_is_seen_at_the_next_trade(tmp_path):
    """Nothing on a session without a trade; the sum up to the last trade is that of all sessions before."""
    text = "estimation: [-50, -1]\nwindows: [[0, 4]]\ndates: common\n"
    thin = drawn(tmp_path, text, Base(3, "common", untraded=0.4))
    still = thin.sample.gather(slice(None), thin.sample.event_window).asset == 0
    assert 0.3 < still.mean() < 0.5
    assert (thin.noise[still] == 0).all()
    assert (thin.noise[~still] != 0).all()
    last = thin.noise[~still[:, 4]].sum(axis=1)
    assert last.var() == pytest.approx(5 * 0.02**2, rel=0.2)


def test_the_embedded_data_by_name(tmp_path):
    """Returns between dates on which both series have a close, by hand from the stored closes."""
    text = "returns: {source: snapshot, market: SPX, securities: [HSI]}\nsamples: 10\nevents: 4\n"
    file = written(tmp_path, f"{text}estimation: [-60, -1]\nstatistics: [bmp]\n")
    found = pool_of(file)
    stored = Snapshot().fetch([built_in()[name] for name in ("SPX", "HSI")])
    closes = pd.DataFrame(
        {name: stored.column(name, "close") for name in ("SPX", "HSI")}, stored.dates
    ).dropna()
    expected = closes.pct_change().iloc[1:]
    np.testing.assert_allclose(found.market, expected["SPX"], rtol=1e-12)
    np.testing.assert_allclose(found.returns[:, 0], expected["HSI"], rtol=1e-12)
    result = simulate(file)
    assert result.frame["tests"].tolist() == [10]
    write_simulation(result, tmp_path / "o")
    manifest = json.loads((tmp_path / "o" / "manifest.json").read_text("utf-8"))
    assert set(manifest["returns_sha256"]) == {"SPX", "HSI"}
    assert "drawn from the embedded data" in (tmp_path / "o" / "index.html").read_text("utf-8")
    every = written(tmp_path, "returns: {source: snapshot, market: SPX}\n")
    assert pool_of(every).returns.shape[1] == 3


def test_the_guide_is_true(tmp_path):
    """Its design and that of the examples load; it names every option and column."""
    guide = (ROOT / "docs" / "how-to" / "simulate.md").read_text("utf-8")
    path = tmp_path / "design.yaml"
    designs = re.findall(r"^```yaml[^\n]*\n(.+?)^```$", guide, re.M | re.S)
    path.write_text(designs[0], "utf-8")
    assert load(path).design.events == (10, 30)
    path.write_text(designs[1], "utf-8")
    assert load(path).design.groups.share == (0.2, 0.5)
    examples = sorted((ROOT / "docs" / "examples").glob("*.yaml"))
    assert [load(example, 100).design.samples for example in examples] == [100]
    for option in ("--out", "--workers", "--dask", "--samples"):
        assert f"| `{option} " in guide
    assert all(f"`{name}`" in guide for name in (*COLUMNS[6:], *GROUPS))


def test_command(tmp_path, capsys):
    file = written(
        tmp_path,
        "samples: 20\nevents: [5, 8]\nestimation: [-60, -1]\neffect: [0, 1, 2]\nstatistics: [bmp, sign_flip]\n",
    )
    out = tmp_path / "out"
    arguments = ["simulate", str(file.path), "--out", str(out), "--workers", "1"]
    assert main(arguments) == 0
    assert "bmp" in capsys.readouterr().out
    first = {path.name: path.read_bytes() for path in out.iterdir()}
    assert set(first) == {"rates.csv", "index.html", "manifest.json"}
    assert main(arguments) == 0
    assert {path.name: path.read_bytes() for path in out.iterdir()} == first
    (out / "mine.txt").write_text("x")
    assert main(arguments) == 2
    assert "mine.txt" in capsys.readouterr().err
    arguments[3] = str(out / "mine.txt" / "inside")
    assert main(arguments) == 2
    assert f"{out / 'mine.txt'} is a file; choose another folder" in capsys.readouterr().err
    assert main([*arguments, "--dask", "tcp://127.0.0.1:9"]) == 2
    assert "--dask is a cluster: name one" in " ".join(capsys.readouterr().err.split())


def test_a_file_that_holds_no_design(tmp_path):
    """The words are those of a design, not of a study."""
    for text, said in (
        (None, "does not exist; `eventstudy schema simulation` prints what one may say"),
        ("- a\n", "a design is a block of keys, not a list"),
        ("format: 1\ntitle: T\n---\na: 1\n", "a file holds one design"),
    ):
        path = tmp_path / "other.yaml"
        if text is not None:
            path.write_text(text, "utf-8")
        with pytest.raises(SpecError) as caught:
            load(path)
        assert said in str(caught.value)


def test_a_cluster_that_nobody_runs(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("eventstudy.workers.PATIENCE", 0.2)
    file = written(tmp_path, "samples: 10\n")
    arguments = ["simulate", str(file.path), "--out", str(tmp_path / "o")]
    assert main([*arguments, "--dask", "tcp://127.0.0.1:9"]) == 2
    assert "--dask tcp://127.0.0.1:9: no scheduler answers" in capsys.readouterr().err


def cluster(workers):
    from distributed import LocalCluster

    return LocalCluster(
        n_workers=workers, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
    )


@pytest.mark.slow
@pytest.mark.parametrize("side", ["two-sided", "greater"])
def test_size_distortions_are_those_of_the_formulas(tmp_path, side):
    """Patell, Z ~ N(0, c (1 + (N - 1) r)); BMP, t sqrt((1 - r) / (1 + (N - 1) r)) ~ t(N - 1), whatever c."""
    text = (
        f"samples: 2000\nestimation: [-250, -1]\ndates: common\nalternatives: {side}\n"
        "statistics: [patell, bmp]\n"
    )
    crossed = "events: [10, 30, 50]\nlaw: {correlation: [0.01, 0.02, 0.05, 0.1, 0.2]}\n"
    varied = "events: 50\nvariance: [1.5, 2, 3, 4]\n"
    frame = pd.concat(
        [simulate(written(tmp_path, text + part)).frame for part in (crossed, varied)]
    )
    n, r, sides = frame["events"], frame["correlation"], 2 if side == "two-sided" else 1
    shared = 1 + (n - 1) * r
    patell = ndtr(ndtri(0.05 / sides) / np.sqrt(shared * frame["variance"]))
    bmp = stdtr(n - 1, stdtrit(n - 1, 0.05 / sides) * np.sqrt((1 - r) / shared))
    expected = sides * np.where(frame["statistic"] == "patell", patell, bmp)
    error = np.sqrt(expected * (1 - expected) / frame["tests"])
    assert (np.abs(frame["rate"] - expected) <= 4 * error).all()
    assert len(frame) == 2 * (15 + 4)


@pytest.mark.slow
def test_a_cluster_that_loses_a_worker_gives_the_same_bytes(tmp_path):
    """1, 2 and 4 processes, a cluster, and one of which a worker is killed: one file of rates."""
    text = (
        "samples: 120\nestimation: [-40, -1]\nevents: 500\neffect: [0, 0.1]\n"
        "statistics: [bmp, {name: sign_flip, draws: 199}]\n"
    )
    file = written(tmp_path, text)

    def bytes_of(name, workers, watch=None):
        write_simulation(simulate(file, workers, watch), tmp_path / name)
        return (tmp_path / name / "rates.csv").read_bytes()

    alone = bytes_of("alone", Workers())
    assert all(bytes_of(f"{n}", Workers(n)) == alone for n in (2, 4))
    with cluster(2) as local:
        workers = Workers(dask=local.scheduler_address)
        assert bytes_of("cluster", workers) == alone
        first = next(iter(local.workers.values())).process.process.pid
        killed = []

        def killing(results, number):
            for position, counts in enumerate(results):
                if position == 2:
                    os.kill(first, signal.SIGKILL)
                    killed.append(number - position)
                yield counts

        assert bytes_of("killed", workers, killing) == alone
        assert killed[0] > 2
    with pytest.raises(OptionError, match="the cluster has no workers"), cluster(0) as empty:
        simulate(file, Workers(dask=empty.scheduler_address))
