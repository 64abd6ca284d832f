"""The table of sizes of joint tests in docs/explanation/which-test.md: repeated, and its claims."""

import numpy as np
import pytest
from benchmarks import joint_sizes as sizes
from benchmarks.simulated import printed


@pytest.mark.parametrize("pairs", [2, pytest.param(100, marks=pytest.mark.slow)])
def test_table_again(pairs):
    found, page = sizes.sizes(pairs, seed=7), printed(sizes.MARKER)
    assert list(page) == list(sizes.ROWS)
    for name, rates in found.items():
        for rate, (value, error) in zip(rates, page[name], strict=True):
            if rate.n:
                # the five events of one pair stand together
                own = np.sqrt(2 * max(value, 0.05) * (1 - value) / pairs)
                assert abs(rate.value - value) <= 4 * np.hypot(own, error)
            else:
                assert np.isnan(value)


def test_claims():
    page = {name: rates[:, 0] for name, rates in printed(sizes.MARKER).items()}
    any_date, after_fall = slice(0, 3), slice(3, 6)
    for null in ("zero", "equal"):
        for events in ("one event", "five events"):
            assert page[f"{events}: `placebo`, {null}"].max() < 0.1
        exact = page[f"one event: `exact_f`, {null}"]
        assert exact[any_date].max() < 0.13
        assert exact[after_fall].min() > exact[any_date].max()
        assert (page[f"one event: `wald_chi2`, {null}"] >= exact).all()
