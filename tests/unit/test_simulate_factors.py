"""Samples with factors: what models of several factors find in them, and every registered model under some design."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from eventstudy.errors import SpecError
from eventstudy.panel.models import build_model
from eventstudy.registry import plugins
from eventstudy.simulate import load, simulate
from eventstudy.simulate.allowed import MARKET, filled
from eventstudy.simulate.design import Base
from eventstudy.simulate.draws import from_law
from eventstudy.simulate.task import Task, perform, regressors
from eventstudy.spec.base import Choice

HEAD = "format: 1\ntitle: Factors\nestimation: [-120, -1]\n"
THREE = """
law:
  beta: 0
  sigma: 1
  factors:
    Mkt-RF: {sigma: 1, loading: 1.2}
    SMB: {sigma: 0.5, loading: 0.8}
    HML: {sigma: 0.6, loading: -0.5}
    RF: {sigma: 0.01}
"""
ALL = """
law:
  factors: {Mkt-RF: {sigma: 1}, SMB: {sigma: 1}, HML: {sigma: 1}, RMW: {sigma: 1}, CMA: {sigma: 1}, Mom: {sigma: 1},
    RF: {sigma: 0.01}}
"""
REFUSED = {"comparison_group", "synthetic_control"}
"""Models of peers: a sample has one market, and none."""
SLOW = {"market_garch", "market_robust"}
"""Models that iterate for every event."""


def written(folder, text):
    path = folder / "design.yaml"
    path.write_text(HEAD + text, encoding="utf-8")
    return load(path)


def test_loadings_are_found_and_what_they_leave_is_the_error(tmp_path):
    """Loadings as written; the residuals of the three factors vary by 1 per cent, those of the first alone by
    sqrt(1 + (.8 x .5)^2 + (.5 x .6)^2) = 1.118 per cent."""
    design = written(tmp_path, f"models: [fama_french_3, capm]\n{THREE}").design
    drawn = from_law(design, Base(10, "spread"), 60, np.random.default_rng(1))
    for choice, loadings, sigma in zip(
        design.models, ((1.2, 0.8, -0.5), (1.2,)), (0.01, 0.01118), strict=True
    ):
        model = build_model(choice, MARKET)
        fit = model.fit(regressors(drawn.sample, model, design.series))
        found = fit.coefficients[:, 1:]
        error = found.std(axis=0) / np.sqrt(60)
        assert (np.abs(found.mean(axis=0) - loadings) < 4 * error).all()
        assert fit.sigma.mean() == pytest.approx(sigma, rel=0.02)


def test_size_of_a_model_of_factors(tmp_path):
    """Patell's test on what three factors leave: 5 per cent."""
    text = f"models: [fama_french_3]\nstatistics: [patell]\n{THREE}"
    design = written(tmp_path, text).design
    (found,) = perform(design, Task(Base(10, "spread"), 400, (0, 0)), None)
    assert abs(found.rejections[0] / 400 - 0.05) < 4 * np.sqrt(0.05 * 0.95 / 400)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[pytest.mark.slow] if name in SLOW else [])
        for name in sorted(plugins("eventstudy.models"))
    ],
)
def test_every_registered_model_can_be_simulated_or_says_why_not(tmp_path, name):
    """Under a law with all factors; a new model that cannot fails here."""
    choice = filled(Choice(name=name, label=name))
    options = {key: [MARKET] if value == ("F",) else value for key, value in choice.options.items()}
    if name in REFUSED:
        with pytest.raises(SpecError, match="cannot be simulated: it needs"):
            written(tmp_path, f"models: [{name}]\n{ALL}")
        return
    more = "".join(f", {key}: [{', '.join(value)}]" for key, value in options.items())
    text = f"samples: 10\nevents: 5\nstatistics: [cross_sectional_t]\nmodels: [{{name: {name}{more}}}]\n{ALL}"
    found = simulate(written(tmp_path, text)).frame
    assert found["tests"].tolist() == [10]


def test_the_market_may_be_among_the_factors(tmp_path):
    """A model of factors with the market as its only one is the market model."""
    models = "models: [market, {name: factors, regressors: [MARKET]}]"
    text = f"samples: 20\nevents: 5\nstatistics: [bmp]\n{models}\n"
    frame = simulate(written(tmp_path, text)).frame.set_index("model")
    pd.testing.assert_series_equal(frame.loc["market"], frame.loc["factors"], check_names=False)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "models: [capm]",
            "capm needs the factors Mkt-RF, RF; write them as `law: {factors: {Mkt-RF:",
        ),
        (
            "models: [{name: capm, market: MARKET}]\nlaw: {factors: {Rf: {sigma: 1}}}",
            "did you mean 'Rf'?",
        ),
        ("models: [capm]\nreturns: {source: snapshot, market: SPX}", "observed returns have none"),
        ("models: [factors]", "4:10: models[0]: factors cannot be simulated: it needs regressors"),
        ("law: {factors: {SMB: {sgma: 1}}}", "4:23: law.factors.SMB.sgma: there is no key 'sgma'"),
        ("law: {factors: {SMB: {sgma: 1}}}", "allowed: sigma, loading; did you mean 'sigma'?"),
        ("law: {factors: [SMB]}", "law.factors: must be a block of keys"),
        ("law: {factors: {MARKET: {sigma: 1}}}", "MARKET is the market, whose loading is `beta`"),
        ("law: {factors: {a b: {sigma: 1}}}", "'a b' is not allowed; use up to 64 letters"),
        ("law: {factors: {SMB: {loading: 1}}}", "law.factors.SMB.sigma: is missing"),
        ("law: {factors: {SMB: {sigma: 0}}}", "must be more than 0"),
    ],
)
def test_mistakes_about_factors_have_their_place(tmp_path, text, said):
    with pytest.raises(SpecError) as caught:
        written(tmp_path, text)
    assert said in str(caught.value)
