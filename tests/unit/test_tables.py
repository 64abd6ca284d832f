"""Number formats and tables: the printed text and the value behind it."""

import dataclasses
import doctest
from pathlib import Path

import numpy as np
import pytest

from eventstudy import formats, labels, tables
from eventstudy.spec import load
from eventstudy.study.aftermath import DRAWS
from eventstudy.tables.lasting import _limit
from eventstudy.tables.table import chance
from tests.studies import result_of

EVENTS = Path(__file__).parents[2] / "events"
MINUS = "\N{MINUS SIGN}"


@pytest.fixture(scope="module")
def result():
    return result_of("stamp-duty")


def texts(row):
    return [cell.text for cell in row]


def every_event(result):
    """The table of all events, of one study."""
    pages = {("stamp-duty", event.id): f"#{event.id}" for event in result.study.events}
    return tables.every_event({"stamp-duty": result}, pages)


def every_table(result):
    """Return every table of a study once."""
    cells = [(row.event_id, row.asset) for row in labels.records(result.frames["day0"])]
    groups = [("stamp_duty", asset) for asset in result.study.assets]
    return [
        tables.outcomes(result),
        every_event(result),
        tables.answers({"stamp-duty": result}),
        tables.effects(result, "ar0"),
        tables.effects(result, "car"),
        tables.reversal(result),
        tables.placebo_events(result),
        tables.placebo_groups(result),
        tables.placebo_adjusted(result),
        tables.horizons(result),
        tables.lasting(result),
        tables.returning(result),
        tables.slopes(result),
        tables.projections(result),
        tables.beside_returns(result),
        tables.outcomes_summary(result),
        tables.every_window(result),
        tables.press(result, tables.printed(result)),
        tables.quality(result),
        tables.dropped(result),
        tables.series(result),
        tables.outcome_rules(0.05),
        tables.models(result.study.models),
        tables.tests(result.study.statistics),
        tables.procedures(result.study.procedures),
        *(tables.cars(result, *cell) for cell in cells),
        *(tables.drift(result, *cell) for cell in cells),
        *(tables.group_windows(result, *group) for group in groups),
        *(tables.daily(result, *group) for group in groups),
        *(tables.group_statistics(result, *group) for group in groups),
        *(tables.timeline_table(result, asset) for asset in result.study.assets),
    ]


@pytest.mark.parametrize("module", [formats, labels])
def test_examples_in_the_docstrings(module):
    """The examples are the specification of the formats."""
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize("value", [-0.0, -0.004, 0.004, -1e-12])
def test_what_rounds_to_zero_has_no_sign(value):
    """Never "-0.00", never "+0.00"."""
    assert formats.signed(value) == "0.00"
    assert formats.number(value) == "0.00"


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_no_number_is_a_dash(value):
    """Neither nan nor inf is ever printed."""
    assert (
        formats.percent(value) == formats.number(value) == formats.p_value(value) == formats.NOTHING
    )


def test_an_interval_without_a_bound_is_not_printed():
    """Half an interval would read as a whole one."""
    assert formats.interval(np.nan, 0.1) == ""


def test_the_row_of_28_august_2023(result):
    """Open +5.46 %, faded by the close: the facts of the day in one row."""
    rows = [row for row in tables.outcomes(result).rows if row[0].value == "SD2023"]
    event, index, outcome, gap, *_ = rows[0]
    assert (event.detail, event.rows, event.href) == (formats.day("2023-08-28"), 2, "#event-SD2023")
    assert (index.text, outcome.text, gap.text) == ("CSI 300", "Faded by the close", "+5.46")
    assert gap.value == pytest.approx(0.0546, abs=5e-5)


def test_table_1_names_the_test_behind_each_p_and_its_floor(result):
    """The p of the event with the fewest days like it cannot be below one over their number and one."""
    note, limited = tables.outcomes(result).notes
    assert "price limits" in limited
    assert "placebo" in note
    fewest = result.frames["placebo"].query("model == 'constant_mean'")["n"].min()
    assert f" to {1 / (fewest + 1):.3f}, by event" in note
    assert "forecast t" in note


def test_reactions_without_matched_days_are_counted(result):
    """The number of sets is the study's; what is left out is counted, with its share of all sizes."""
    matched, left, *_ = tables.lasting(result).notes
    assert f"{DRAWS:,} sets" in matched
    assert "within 25% of its size in standard deviations" in matched
    keys = ["event_id", "asset"]
    drift = result.frames["drift"].query("model == 'constant_mean' and k == 1").set_index(keys)
    size = result.frames["verdicts"].query("model == 'constant_mean'").set_index(keys)["ar0"].abs()
    alone = size[drift["matched_n"].reindex(size.index) == 0]
    assert f"Left out: {len(alone)} of {len(size)} reactions" in left
    assert f"{100 * alone.sum() / size.sum():.0f}% of the sum" in left


def test_reactions_of_two_days_are_marked(result):
    """24 April and 19 September 2008 hit the limit: +10.71 and +16.78 are CAR[0,1], not AR_0."""
    rows = {row[0].value: row for row in tables.outcomes(result).rows if row[0].value}
    reactions = {key: rows[key][4] for key in ("SD2007", "SD2008A", "SD2008B")}
    assert [cell.text for cell in reactions.values()] == ["\N{MINUS SIGN}7.50", "+10.71", "+16.78"]
    marked = [key for key, cell in reactions.items() if formats.window(0, 1) in cell.detail]
    assert marked == ["SD2008A", "SD2008B"]
    titles = [column.title for column in tables.outcomes(result).columns]
    assert f"AR, day 0 or {formats.window(0, 1)}" in titles
    overview = {row[0].value: row for row in every_event(result).rows}
    assert formats.window(0, 1) in overview["SD2008B"][2].detail
    assert formats.window(0, 1) not in overview["SD2007"][2].detail


def test_rows_fill_their_columns(result):
    """A row is full, or continues the cell above that spans it."""
    for table in every_table(result):
        assert table.rows, table.id
        left = 0
        for row in table.rows:
            missing = len(table.columns) - len(row)
            assert missing == (1 if left else 0), table.id
            left = left - 1 if left else row[0].rows - 1


def test_no_table_prints_nan_or_a_hyphen_for_a_minus(result):
    """Numbers carry true minus signs; gaps are dashes."""
    for table in every_table(result):
        for row in table.rows:
            for cell, column in zip(row[::-1], table.columns[::-1], strict=False):
                assert cell.text != "nan"
                assert not (column.numeric and "-" in cell.text + cell.detail), (table.id, cell)


def test_anchors_are_unique(result):
    """Every table can be linked to."""
    ids = [table.id for table in every_table(result)]
    assert len(ids) == len(set(ids))


def test_a_test_that_does_not_apply_gives_its_reason(result):
    """The sample quantile is for one day; longer windows say so in a note."""
    table = tables.cars(result, "SD2023", "CSI300")
    column = [c.title for c in table.columns].index("p, sample quantile")
    by_window = {row[0].text: row[column].text for row in table.rows[:6]}
    assert by_window["Days 0 to +1"] == formats.NOTHING
    assert by_window["Day 0"] != formats.NOTHING
    assert any("one day only" in note for note in table.notes)


def test_lost_models_with_one_reason_share_a_row(result):
    """Three early events lack Hang Seng TECH under both models: three rows, not six."""
    lost = result.frames["dropped"]
    rows = [row for row in tables.dropped(result).rows if row[1].text == "HS TECH"]
    assert (lost["asset"] == "HSTECH").sum() == 6
    assert len(rows) == 3
    assert rows[0][2].text == "constant mean and market"


def test_the_share_given_back_is_not_printed_for_noise(result):
    """28 August 2023 closed within the noise: a share of it says nothing."""
    rows = {(row[0].value, row[1].text): row[-1].text for row in tables.reversal(result).rows}
    assert rows["SD2023", "CSI 300"] == formats.NOTHING
    assert rows["SD2007", "CSI 300"].startswith(MINUS)


def test_anchors_keep_any_id_apart():
    """Characters that an address cannot hold are written by their code."""
    names = ["a b", "a_b", "a/b", "a%b", "中"]
    assert len({labels.event_anchor(name) for name in names}) == len(names)
    assert all(labels.event_anchor(name).isascii() for name in names)


def test_every_event_says_what_it_is_compared_with(result):
    """SD2007: 438 days of high volatility after a rise; 87 windows of five sessions among them."""
    table = tables.placebo_events(result)
    row = dict(zip([column.title for column in table.columns], table.rows[0], strict=True))
    found = labels.cell(
        labels.headline(result, "placebo"), event_id="SD2007", window_start=1, window_end=5
    )
    assert row["Compared with"].text == "Volatility high, past return high"
    assert row["K"].value == found["n"].iloc[0]
    assert row["Days +1 to +5"].detail == str(found["n"].iloc[0] // 5)
    assert row["Days +1 to +5"].value == found["p_value"].iloc[0]
    assert row["Day 0"].detail == ""


def test_a_stratum_that_was_merged_says_so(result):
    """Hang Seng TECH has few days of high volatility: its past returns are merged."""
    texts_of = [cell.detail for row in tables.placebo_events(result).rows for cell in row]
    assert any("returns merged" in text for text in texts_of)


def test_too_few_days_are_called_so(result):
    """Twelve days cannot give p = 0.05: words stand where the p would."""
    found = result.frames["placebo"].assign(n=12, effective_n=12, floor=1 / 13, p_value=np.nan)
    poor = dataclasses.replace(result, frames={**result.frames, "placebo": found})
    table = tables.placebo_events(poor)
    assert table.rows[0][5].text == tables.placebo.TOO_FEW


def test_a_single_category_is_printed_once(result):
    """All events are the stamp duty: no second row for them."""
    assert [row[0].text for row in tables.placebo_groups(result).rows if len(row) == 9] == [
        "Stamp duty"
    ]
    assert len(tables.placebo_adjusted(result).rows) == 12


def test_rises_are_counted_beside_all_sessions(result):
    """ "3 of 5" with its Wilson interval, and the share of all sessions."""
    first = tables.horizons(result).rows[0]
    found = labels.cell(result.frames["horizons"], group="stamp_duty", asset="CSI300", sessions=1)
    rose = first[5]
    assert rose.text == f"{round(5 * found['up'].iloc[0])} of 5"
    assert rose.detail == "[23%, 88%]"  # Wilson interval of 3 of 5
    assert first[6].value == found["base_up"].iloc[0]


def test_unbounded_limits_are_a_word(result):
    """Two events have no limits by Fieller."""
    rows = [row[-3] for row in tables.lasting(result).rows]
    assert "unbounded" in {cell.detail for cell in rows}
    assert not any("inf" in cell.detail for cell in rows)


def test_limits_far_beyond_the_reaction_are_not_written_out():
    """Two clusters can have limits of a thousand times the reaction: that they are far is all they say."""
    assert _limit(-1685.75) == f"<{MINUS}1,000%"
    assert _limit(361.11) == ">1,000%"
    assert _limit(-0.41) == f"{MINUS}41%"


def test_what_never_came_back_is_never(result):
    """A median beyond the last session is no number of sessions."""
    texts_of = {row[-3].text for row in tables.returning(result).rows}
    assert "never" in texts_of
    assert "21" not in texts_of


def test_the_detectable_effect_stands_with_the_tests_of_a_group(result):
    """Two rows, the same numbers as in the frame; none day by day."""
    table = tables.group_windows(result, "stamp_duty", "CSI300")
    rows = {row[0].text: row for row in table.rows if row[0].text.startswith("Detectable")}
    found = labels.cell(labels.headline(result, "detectable"), group="stamp_duty", asset="CSI300")
    assert rows["Detectable, at best"][2].value == pytest.approx(found["effect"].iloc[1])
    spread = rows["Detectable, own spread"][2].value
    assert spread == pytest.approx(found["cross_sectional_effect"].iloc[1])
    daily = tables.daily(result, "stamp_duty", "CSI300")
    assert not any(row[0].text.startswith("Detectable") for row in daily.rows)
    assert any("Placebo: run on the windows of the study only" in note for note in daily.notes)


def test_every_drift_of_an_event_has_its_matched_days(result):
    """A number without its base rate stands only where fewer than ten days moved as much."""
    drift = result.frames["drift"].query("model == 'constant_mean' and k == 1")
    alone = int((drift["matched_n"] == 0).sum())
    table = tables.reversal(result)
    bare = [
        [cell for cell in row[3:6] if cell.text != formats.NOTHING and not cell.detail]
        for row in table.rows
    ]
    assert sum(map(bool, bare)) == alone
    assert "Without brackets: fewer than ten such days." in table.notes[0]


def test_what_chance_would_give_stands_under_many_p_values(result):
    """Five known p-values, two of them at or below .05, of which a quarter would be by chance."""
    (note,) = chance([0.05, 0.01, 0.2, 0.6, 0.9, float("nan")], 0.05)
    assert note == "Of 5 p-values here 2 are at or below 5%; about 0.3 would be by chance."
    assert chance([0.01, float("nan")], 0.05) == ()
    tabled = tables.kinds(result), tables.signed(result), tables.horizons(result)
    for table in (*tabled, tables.projections(result)):
        assert any("would be by chance" in note for note in table.notes)


def test_two_kinds_have_their_number_of_events_at_each_horizon(result):
    """Late events cannot be followed as far: fewer are seen after 20 sessions than after five."""
    table = tables.kinds(result)
    titles = [column.title for column in table.columns]
    row = table.rows[0]
    printed = [row[titles.index(f"n to +{k}")].text for k in (5, 20)]
    frame = result.frames["kinds"].query("model == 'constant_mean' and asset == 'CSI300'")
    frame = frame.query("kind == 'direction' and side == 'up'").set_index("k")["n"]
    assert printed == [str(frame[5]), str(frame[20])]
    assert frame[5] > frame[20]


def test_day_0_of_signed_events_has_no_p_value(result):
    """Where it is printed alone and where a window holds it; the days after have one."""
    row = tables.projections(result).rows[0]
    assert row[3].detail == ""
    assert row[4].detail
    means = dict(zip(result.study.windows, tables.signed(result).rows[0][3:], strict=True))
    assert all((cell.detail == "") == (w.start <= 0 <= w.end) for w, cell in means.items())


def test_after_two_days_of_reaction_the_drift_begins_a_day_later(result):
    """19 September 2008 was held back by price limits: its drift begins on day +2, no day moved as much."""
    table = tables.drift(result, "SD2008B", "CSI300")
    assert [row[0].text for row in table.rows][:2] == ["Day +2", "Days +2 to +4"]
    assert "reaction, days 0 to +1, per cent; fewer than ten days" in table.caption
    later = tables.drift(result, "SD2007", "CSI300")
    assert later.rows[0][0].text == "Day +1"


def test_a_share_given_back_is_in_per_cent_wherever_it_stands(result):
    """The same number in the table of the event and in that of all events; none of it for noise."""
    row = labels.cell(labels.headline(result, "verdicts"), event_id="SD2007").iloc[0]
    share = formats.share(row["give_back"])
    every = {(row[0].value, row[1].text): row[-1].text for row in tables.reversal(result).rows}
    assert every["SD2007", "CSI 300"] == share
    assert tables.drift(result, "SD2007", "CSI300").rows[2][-1].text == share
    noise = tables.drift(result, "SD2023", "CSI300").rows
    assert {row[-1].text for row in noise} == {formats.NOTHING}
    assert "100% is a full reversal" in tables.outcome_rules(0.05).caption


def test_numbers_of_things_have_separators():
    """A thousand sessions and more are read in groups of three digits."""
    assert tables.whole(1094).text == "1,094"


def test_an_event_of_two_studies_is_listed_once(result):
    """The first study tells of it, the second is named; a category with the same mean stands once."""
    both = {"a": result, "b": result}
    pages = {(stem, event.id): f"#{stem}" for stem in both for event in result.study.events}
    events = tables.every_event(both, pages)
    assert len(events.rows) == len(result.study.events)
    assert {row[0].href for row in events.rows} == {"#a"}
    assert events.rows[0][-1].detail == f"also {result.study.title}"
    assert texts(events.rows[0])[0] == "1. Mainland stamp duty tripled"
    assert tables.answers(both).rows == tables.answers({"a": result}).rows


def test_answers_are_the_means_of_the_results(result):
    """Mean and placebo p of day 0 and of the days after it, as the files have them."""
    row = tables.answers({"a": result}).rows[0]
    keys = {"group": "stamp_duty", "asset": "CSI300", "window_start": 0, "window_end": 0}
    mean = labels.cell(labels.headline(result, "aggregate"), **keys)["mean"].iloc[0]
    tests = labels.cell(labels.headline(result, "statistics"), statistic="placebo", **keys)
    assert (row[3].value, row[4].value) == (mean, tests["p_value"].iloc[0])


def test_the_models_of_other_specifications_stand_with_those_of_the_study(result):
    varied = load(EVENTS / "all-policy.yaml").study
    table = tables.models(varied.models, varied)
    names = ["Constant mean", "Market", "Market HSI", "Synthetic control"]
    assert [row[0].text for row in table.rows] == names
    assert all(row[-1].text for row in table.rows)
    assert table.notes == (
        "Only among the other specifications (Robustness): Market HSI and Synthetic control.",
    )
    assert tables.models(result.study.models, result.study).notes == ()


def test_events_stand_in_the_order_and_by_the_numbers_of_the_report(result):
    study = result.study.model_copy(update={"events": tuple(reversed(result.study.events))})
    turned = dataclasses.replace(
        result,
        frames={name: frame.iloc[::-1] for name, frame in result.frames.items()},
        study=study,
    )
    made = tables.diagnostics(turned), tables.dropped(turned), tables.effects(turned, "ar0")
    for table in made:
        numbers = [int(row[0].text.split(".")[0]) for row in table.rows]
        assert numbers == sorted(numbers), table.id
