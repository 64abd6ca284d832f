"""The scaled sample quantile: leverages of the estimation days, and models that have none."""

import numpy as np
import pytest

from eventstudy.inference.sample_quantile import SampleQuantile
from eventstudy.models.capm import CAPM
from eventstudy.models.factors import Factors
from eventstudy.models.market import Market
from eventstudy.models.market_adjusted import MarketAdjusted
from eventstudy.models.market_robust import MarketRobust
from tests.samples import make_sample, regressors, run

MODELS = [Market("M"), Factors(("M", "SECOND")), CAPM("M", "RF")]


def sample_of(model, *, seed=4):
    rng = np.random.default_rng(seed)
    market = 0.01 * rng.standard_normal(100)
    panel = market[:, None] + 0.01 * rng.standard_normal((100, 3))
    panel[20, 1] = np.nan
    market[95] = 0.06
    return make_sample(
        panel,
        regressors(model, market),
        [0, 1, 2],
        [95, 95, 97],
        estimation=(-90, -6),
        event_window=(0, 2),
    )


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_leverages_are_those_of_the_hat_matrix(model):
    """Against X (X'X)^-1 X' of numpy, and p counted by hand."""
    sample = sample_of(model)
    found = run(sample, model, [(0, 0)])
    tested = SampleQuantile(scaled=True).test(found)
    for row in range(3):
        window = sample.gather(np.array([row]), sample.estimation)
        here = np.isfinite(window.asset[0])
        used = window.factors[0] if model.name != "capm" else window.factors[0, :, :-1]
        x = np.column_stack([np.ones(85), used])[here]
        hat = np.diag(x @ np.linalg.inv(x.T @ x) @ x.T)
        np.testing.assert_allclose(found.abnormal.hat(np.array([row]))[0, here], hat, rtol=1e-8)
        errors = found.abnormal.residuals(np.array([row]))[0, here] / np.sqrt(1 - hat)
        size = abs(found.scar[row, 0]) * found.abnormal.sigma[row]
        expected = (1 + np.sum(np.abs(errors) >= size)) / (here.sum() + 1)
        assert tested.p_value[row, 0] == pytest.approx(expected, rel=1e-12)


def test_leverages_of_some_cells():
    found = run(sample_of(MODELS[0]), MODELS[0], [(0, 0)])
    some = found.select(np.array([2, 0]))
    np.testing.assert_array_equal(
        some.abnormal.hat(np.array([0])), found.abnormal.hat(np.array([2]))
    )
    np.testing.assert_array_equal(
        SampleQuantile(scaled=True).test(some).p_value,
        SampleQuantile(scaled=True).test(found).p_value[[2, 0]],
    )


def test_without_parameters_scaling_changes_nothing():
    found = run(sample_of(MODELS[0]), MarketAdjusted("M"), [(0, 0)])
    raw, scaled = (SampleQuantile(scaled=scaled).test(found).p_value for scaled in (False, True))
    np.testing.assert_array_equal(raw, scaled)


def test_a_model_without_leverages_gives_the_reason():
    found = run(sample_of(MODELS[0]), MarketRobust("M"), [(0, 0)])
    assert set(SampleQuantile(scaled=True).test(found).reason[:, 0]) == {
        "the model has no leverage of its estimation days"
    }
    assert (SampleQuantile().test(found).status == "ok").all()
