"""Total returns by the arithmetic in total_return/README.md, and what Yahoo's adjusted close makes of them."""

import datetime as dt

import numpy as np
import pytest

from eventstudy.sources._total_return import total_return
from eventstudy.sources.base import Access
from eventstudy.sources.yahoo import Yahoo
from eventstudy.spec import Instrument
from tests.loopback import Listed, Loopback

DAYS = [dt.date(2024, 3, day) for day in (4, 5, 6, 7, 8, 11, 12)]
FUND = Instrument(
    id="F", name="F", calendar="XSHG", timezone="Asia/Shanghai", currency="CNY", kind="fund"
)
FIRST = [100, 104, 102, 102, 107.1]
SPLIT = [50, 52, 51, 51, 53.55, 54]
EXACT = 1e-12


def returns(values):
    values = np.asarray(values, dtype=float)
    return values[1:] / values[:-1] - 1


@pytest.mark.parametrize(
    ("close", "dividends", "expected"),
    [
        (FIRST, [0, 0, 3, 0, 0], [100, 104, 105, 105, 110.25]),
        (SPLIT, [0, 0, 1.5, 0, 0, 0], [50, 52, 52.5, 52.5, 55.125, 55.125 * 54 / 53.55]),
        ([100, np.nan, 98], [0, 4, 0], [100, np.nan, 102]),
        ([100, np.nan, 98], [0, np.nan, 4], [100, np.nan, 102]),
        ([np.nan, 100, 98], [5, 0, 4], [np.nan, 100, 102]),
        ([np.nan], [0], [np.nan]),
    ],
)
def test_the_arithmetic_of_the_readme(close, dividends, expected):
    value = total_return(np.array(close, float), np.array(dividends, float))
    assert value == pytest.approx(expected, rel=EXACT, nan_ok=True)


def listed(closes, dividends, splits=None, gains=None):
    bars = {
        day: (close + 1, close + 2, close - 2, close, 10)
        for day, close in zip(DAYS, closes, strict=False)
    }
    return Listed(
        "F",
        "Asia/Shanghai",
        bars,
        kind="ETF",
        dividends=dividends,
        splits=splits or {},
        gains=gains or {},
    )


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    service = Loopback(tmp_path_factory.mktemp("loopback"), [])
    with pytest.MonkeyPatch.context() as patch:
        for name, value in service.environment.items():
            patch.setenv(name, value)
        yield service
    service.close()


@pytest.fixture
def fetch(service, tmp_path):
    """Fetch the fund through the client, as it is listed now."""

    def _fetch(closes, dividends, splits=None, gains=None, **more):
        service.book = {"F": listed(closes, dividends, splits, gains)}
        access = Access(
            tmp_path, cache=tmp_path, refresh=True, now=np.datetime64("2024-06-01T00:00:00")
        )
        return Yahoo(timeout=5, pause=0.05).fetch([FUND.model_copy(update=more)], access)

    return _fetch


def test_a_past_return_never_changes(fetch):
    """Through the client: a dividend, then a split, then another dividend."""
    before = fetch(FIRST, {DAYS[2]: 3})
    split = fetch(SPLIT, {DAYS[2]: 1.5}, {DAYS[5]: (2, 1)})
    later = fetch([*SPLIT, 53], {DAYS[2]: 1.5, DAYS[6]: 2}, {DAYS[5]: (2, 1)})
    assert before.column("F") == pytest.approx([100, 104, 105, 105, 110.25], rel=EXACT)
    past = returns(before.column("F"))
    assert past == pytest.approx([0.04, 1 / 104, 0, 0.05], rel=EXACT, abs=EXACT)
    assert split.info("F").splits == f"{DAYS[5]} 2"
    for newer in (split, later):
        assert returns(newer.column("F"))[:4] == pytest.approx(past, rel=EXACT, abs=EXACT)
    assert returns(later.column("F"))[5] == pytest.approx(55 / 54 - 1, rel=EXACT)


def test_open_high_and_low_go_with_the_close(fetch):
    """The move from open to close of a day does not change; 103 on the ex-date becomes 106.03."""
    prices = fetch(FIRST, {DAYS[2]: 3})
    assert prices.column("F", "open")[2] == pytest.approx(103 * 105 / 102, rel=EXACT)
    inside = prices.column("F") / prices.column("F", "open")
    assert inside == pytest.approx(np.array(FIRST) / (np.array(FIRST) + 1), rel=EXACT)
    assert prices.column("F", "low")[4] == pytest.approx(105.1 * 110.25 / 107.1, rel=EXACT)
    assert prices.info("F").adjusted is True


@pytest.mark.parametrize("dividend", [7.857, 1.437])
def test_capital_gains_count_once(fetch, dividend):
    prices = fetch([40, 33], {DAYS[1]: dividend}, gains={DAYS[1]: 6.42})
    assert returns(prices.column("F")) == pytest.approx([0.021425], rel=1e-10)


def test_an_index_is_left_as_it_is(fetch):
    prices = fetch(FIRST, {DAYS[2]: 3}, kind="index")
    assert prices.column("F").tolist() == FIRST
    assert prices.info("F").adjusted is False


def test_yahoos_adjusted_close_differs_on_the_ex_date_only():
    """The README's numbers for both ways."""
    ours = returns(total_return(np.array(FIRST), np.array([0.0, 0, 3, 0, 0])))
    theirs = returns([100 * 101 / 104, 101, 102, 102, 107.1])
    assert np.delete(theirs, 1) == pytest.approx(np.delete(ours, 1), rel=EXACT, abs=EXACT)
    assert theirs[1] - ours[1] == pytest.approx(3 * (105 - 104) / (104 * 101), rel=1e-10)
