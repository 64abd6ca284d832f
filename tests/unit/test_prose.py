"""Sentences: they follow from the numbers and claim no more than the tests allow."""

import dataclasses
import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from eventstudy import formats, labels, prose
from eventstudy import verdict as rules
from eventstudy.formats import GLUE, MINUS
from eventstudy.prose import comparison, lasting
from eventstudy.prose.cautions import _run
from eventstudy.prose.summary import _share, agreement
from tests.studies import result_of

EVENTS = Path(__file__).parents[2] / "events"
ROW = {
    "outcome": rules.HELD,
    "p0": 0.017,
    "floor": 1 / 121,
    "reaction_end": 0,
    "ar0": -0.075,
    "ar0_low": -0.118,
    "ar0_high": -0.032,
    "window_start": 1,
    "window_end": 5,
    "car": -0.088,
    "give_back": -1.17,
}


def row(**changes):
    return SimpleNamespace(**ROW | changes)


@pytest.fixture(scope="module")
def results():
    names = ("stamp-duty", "regulator-statements", "tech-meetings")
    return {name: result_of(name) for name in names}


@pytest.mark.parametrize("outcome", [word for word, *_ in rules.RULES])
def test_every_outcome_has_its_sentence(outcome):
    """The vocabulary of the rules and the vocabulary of the sentences are one."""
    quiet = outcome in {rules.NOISE, rules.FADED}
    text = prose.verdict(row(outcome=outcome, p0=0.4 if quiet else 0.02), 0.05)
    assert text.endswith(".")
    assert "nan" not in text


@pytest.mark.parametrize("outcome", [word for word, *_ in rules.RULES])
def test_a_reaction_of_two_days_is_not_said_of_day_0(outcome):
    """Where price limits may have held day 0 back, the number is CAR[0,1]."""
    quiet = outcome in {rules.NOISE, rules.FADED}
    p0 = 0.4 if quiet else 0.02
    text = prose.verdict(row(outcome=outcome, p0=p0, reaction_end=1), 0.05)
    assert f"days 0 to{GLUE}+1" in text or "days 0 to +1" in text
    assert "day 0" not in text
    assert "day-0" not in text
    assert "whole day" not in text


def test_noise_is_not_called_no_effect():
    """The interval says what cannot be ruled out."""
    text = prose.verdict(
        row(outcome=rules.NOISE, p0=0.9, ar0=-0.0017, ar0_low=-0.028, ar0_high=0.025), 0.05
    )
    assert "cannot be ruled out" in text
    assert "no effect" not in text


def test_two_tests_that_differ_are_called_mixed():
    """An interval beyond zero beside a p above the level is said, not hidden."""
    text = prose.verdict(
        row(outcome=rules.NOISE, p0=0.058, ar0=0.025, ar0_low=0.001, ar0_high=0.05), 0.05
    )
    assert "mixed" in text


def test_a_p_at_its_floor_says_so():
    """1/121 is the smallest p that 120 days can give; 2/121 is not."""
    assert "smallest" in prose.verdict(row(p0=1 / 121), 0.05)
    assert "smallest" not in prose.verdict(row(p0=2 / 121), 0.05)


def test_too_few_days_decide_nothing():
    """A p-value that could not reach the level is none, and the sentence says why."""
    text = prose.verdict(row(outcome=rules.UNDECIDED, p0=np.nan, floor=0.1), 0.05)
    assert "so few estimation days" in text


def test_numbers_do_not_break_from_their_sign_of_equality():
    """ "p = 0.017" stays on one line."""
    assert f"p{GLUE}={GLUE}0.017" in prose.verdict(row(), 0.05)


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [
        (2, 5, "2 of 5 events"),
        (0, 5, "none of 5 events"),
        (1, 1, "the only event"),
        (0, 1, "none of one event"),
    ],
)
def test_one_and_many(part, whole, words):
    """English for one event and for several."""
    assert _share(part, whole) == words


def test_how_the_sample_was_chosen_is_said_before_all_detail(results):
    """Remembered events favour large moves: how sure one can be begins with that."""
    said = {name: prose.in_short(r)[2] for name, r in results.items()}
    assert said["regulator-statements"].startswith("The events are remembered, a choice that fav")
    # all but the Politburo in April 2022; the Hong Kong change of 2021
    assert said["tech-meetings"].startswith("Of 4 events 3 are remembered and not chosen by a rule")
    assert said["stamp-duty"].startswith("Of 5 events 1 is remembered and not chosen by a rule")


def lines(result):
    """Return the sentences of a summary by their lead."""
    return {one.lead: one for one in prose.summary(result)}


def test_the_counts_of_the_summary_are_those_of_the_verdicts(results):
    """CSI 300 moved in some of the 5 changes of the stamp duty; Hang Seng TECH lacks three."""
    found = lines(results["stamp-duty"])
    assert found["CSI 300:"].tone == 0
    verdicts = results["stamp-duty"].frames["verdicts"]
    mine = verdicts[(verdicts["asset"] == "CSI300") & (verdicts["model"] == "constant_mean")]
    moved = int((mine["p0"] <= 0.05).sum())
    assert f"{moved} of 5 events (placebo, 5% level)" in found["CSI 300:"].text
    assert "Not studied: three events" in found["Hang Seng TECH:"].text


def test_the_summary_begins_with_whether_it_lasted(results):
    """Then one item per index and one on the average: never more than five for two indices."""
    for result in results.values():
        leads = list(lines(result))
        names = [labels.full_name(result.study, asset) for asset in labels.averaged(result.study)]
        assert leads[:-1] == [
            *(f"Afterwards, {name}:" for name in names),
            *(f"{name}:" for name in names),
        ]
        assert leads[-1] == "On average:"
        assert len(leads) <= 5


def test_day_0_is_counted_before_and_after_holm(results):
    """Seven event days: 0.35 would be abnormal at 5 % by chance alone."""
    verdicts = labels.headline(results["stamp-duty"], "verdicts")
    moved, kept = ((verdicts[name] <= 0.05).sum() for name in ("p0", "p0_adjusted"))
    text = prose.by_placebo(results["stamp-duty"])
    assert f"of 7 reactions {moved} are abnormal at the 5% level (placebo)" in text
    assert "about 0.4 would be" in text
    assert f"Holm's adjustment for the number of reactions {kept} stand out" in text


def test_a_floor_that_no_adjustment_can_pass_is_said():
    """40 events with at best p = 1/300: 0.05 / 40 is below that, whatever happened."""
    floors = pd.Series([1 / 300] * 40)
    text = comparison.none_could(0, 40, floors, 0.05)
    assert text.startswith("no event among its days can have a p below")
    assert "0.0033" in text
    assert "0.0013 would be needed" in text
    assert not comparison.none_could(0, 10, floors, 0.05)
    assert not comparison.none_could(1, 40, floors, 0.05)
    assert not comparison.none_could(0, 40, floors * np.nan, 0.05)


@pytest.mark.parametrize(
    ("joint", "words"),
    [(0.2, "nothing tells the reactions"), (0.01, "what followed is not what follows other days")],
)
def test_lasting_is_said_only_beside_matched_days(joint, words):
    """All sessions together decide, whatever the p of the session that is printed beside it."""
    numbers = {"drift": 0.01, "drift_matched": 0.001, "drift_p": 0.012, "drift_joint_p": joint}
    row = SimpleNamespace(**numbers, k=5, n=3)
    assert lasting._verdict(row, 0.05).startswith(words)
    assert lasting._drift(row).startswith("After five sessions +1.00 per cent")
    assert f"(matched days +0.10, {formats.p_equals(0.012)})" in lasting._drift(row)


def test_what_followed_is_said_of_the_events_that_can_be_compared(results):
    """One of the five changes moved more than ten other days did: four are left, three of the rule's four."""
    text = lasting.lasted(results["stamp-duty"], "CSI300")
    mine = labels.cell(labels.headline(results["stamp-duty"], "lasting"), asset="CSI300", k=5)
    by = {row.group: row for row in labels.records(mine)}
    ruled, every = by["chosen_by_a_rule"], by["stamp_duty"]
    assert (ruled.n, every.n) == (3, 4)
    p_values = [formats.p_equals(row.drift_joint_p) for row in (ruled, every)]
    assert (
        f"({p_values[0]} over three of four events chosen by a rule, {p_values[1]} over four of five events)"
        in text
    )
    assert text.count("nothing tells") == 1
    joint = labels.of_all(results["stamp-duty"], "projections", "CSI300")["joint_p"].iloc[0]
    assert joint > 0.05
    assert text.endswith(
        "The response to three events with a sign may be flat after day 0 "
        f"({formats.p_equals(joint)}, against other days of whatever size)."
    )
    assert prose.reversal(results["stamp-duty"], "CSI300").startswith(
        "four of five events: nothing"
    )


def test_sessions_after_the_reaction_are_counted(results):
    """One horizon is chosen beforehand; the others are counted, not picked."""
    found = labels.of_all(results["stamp-duty"], "lasting", "CSI300")
    apart = int((found["drift_p"] <= 0.05).sum()) or "none"
    text = prose.reversal(results["stamp-duty"], "CSI300")
    assert f"differs at {apart} of {len(found)}, each tested alone at 5%" in text


def test_unbounded_limits_are_said_in_words():
    """Fieller's set can hold every number; then it has no ends to print."""
    none = SimpleNamespace(fieller_low=-np.inf, fieller_high=np.inf, effective_n=2)
    assert "unbounded: two clusters" in prose.fieller(none)
    some = SimpleNamespace(fieller_low=-0.41, fieller_high=2.06, effective_n=9)
    assert prose.fieller(some) == f"95% limits by Fieller {MINUS}41% to 206%"


def test_a_null_result_says_what_it_could_have_missed(results):
    """Hang Seng TECH has two changes of the stamp duty: no test rejects, and none could well have."""
    text = prose.average(results["stamp-duty"], "stamp_duty", "HSTECH")
    assert "no test rejects" in text
    tests = labels.cell(labels.headline(results["stamp-duty"], "statistics"), group="stamp_duty")
    (placebo,) = labels.within(labels.cell(tests, asset="HSTECH", statistic="placebo"), (0, 0))[
        "p_value"
    ]
    assert f"two events (placebo {formats.p_equals(placebo)}; " in text
    least = labels.cell(
        labels.headline(results["stamp-duty"], "detectable"),
        group="stamp_duty",
        asset="HSTECH",
        window_start=0,
        window_end=0,
    )
    larger = least[["effect", "cross_sectional_effect"]].max(axis=1).iloc[0]
    assert larger > least["effect"].iloc[0]
    assert f"a mean of ±{100 * larger:.1f} per cent" in text
    assert "four times in five" not in prose.average(results["stamp-duty"], "stamp_duty", "CSI300")


def test_groups_are_counted_together_without_the_only_category_twice(results):
    """One category, two indices, six windows: twelve p-values."""
    assert prose.together(results["stamp-duty"]).startswith("Of 12 p-values")


def test_a_response_is_held_against_a_flat_one(results):
    """The sentence gives day 0, the last day, and the joint test; what price limits took away."""
    text = prose.projected(results["stamp-duty"], "CSI300")
    assert text.startswith("in the direction of the sign, which was given afterwards, +")
    assert "change since day 0 p" in text
    assert "(2 more left out for price limits on day 0)" in text
    assert "by day +20" in text
    assert "joint p" in text


@pytest.mark.parametrize(
    ("p_values", "words"),
    [
        ([0.2, 0.6], "no test rejects"),
        ([0.01, 0.02], "every test rejects"),
        ([0.01, 0.6], "the tests disagree: 1 of 2"),
        ([], "no test applies"),
    ],
)
def test_an_average_is_as_sure_as_all_its_tests(p_values, words):
    """No test is picked out because it rejects."""
    assert words in agreement(p_values, 10, 0.05)


def test_few_events_are_called_few():
    """With five events a symmetric sign test cannot go below 2/32 = 0.0625."""
    assert "so few events" in agreement([0.3], 5, 0.05)
    assert "so few events" not in agreement([0.3], 6, 0.05)


def test_bands_that_leave_the_chart_are_announced():
    """Two events have a band with one degree of freedom, one event has none."""
    assert "may leave the chart" in prose.path_caption(2, 0.05)
    assert "no band" in prose.path_caption(1, 0.05)
    assert "95% band" in prose.path_caption(3, 0.05)


def test_cautions_name_events_by_their_number(results):
    """SD2008A and SD2008B are the second and third event; neither id is printed."""
    text = " ".join(prose.cautions(results["stamp-duty"]))
    assert "2 of 5 days 0 moved by 7 per cent or more: nos. 2 and 3 (" in text
    assert "SD2008" not in text


def test_many_events_of_a_caution_are_counted():
    """A list of 59 numbers tells a reader nothing that their number does not."""
    run = ", ".join(f"no. {number}" for number in range(11, 0, -1))
    assert re.sub(".+", _run, run) == "nos. 1, 2, 3, 4, 5, 6, 7, 8 and 3 more"


def test_one_sided_tests_are_named_on_top(results):
    """A page that prints one-sided p-values says which, and that its outcomes are two-sided."""
    result = results["stamp-duty"]
    assert len(prose.design(result)) == 2
    asked = dataclasses.replace(
        result, study=result.study.model_copy(update={"alternative": "less"})
    )
    *_, line = prose.design(asked)
    assert "effects below zero" in line
    assert "Outcomes, intervals" in line


def test_the_answer_in_short_says_what_the_tests_say():
    """At the level of the study, and the other way round where every test rejects."""
    result = result_of("stamp-duty")
    assert " ".join(prose.in_short(result)).replace("\N{NO-BREAK SPACE}", " ") == (
        "Of 7 reactions 4 stand out from ordinary days at the 5% level, where about 0.4 would by chance. "
        "The mean of day 0 cannot be told from that of other days: CSI 300 +2.09 per cent (p = 0.182) and Hang Seng "
        "TECH −1.86 per cent (p = 0.397). Rises and falls were expected, which offset each other in a mean. In the "
        "direction of the reactions, what came after cannot be told from what follows other days that moved as much "
        "(CSI 300 p = 0.409 and Hang Seng TECH p = 0.509). The mean of days +1 to +5 cannot be told from that of other "
        "days: CSI 300 +2.65 per cent (p = 0.242) and Hang Seng TECH +0.21 per cent (p = 0.891). Of 5 events 1 is "
        "remembered and not chosen by a rule; remembering favours large moves. After Holm's adjustment for the number "
        "of reactions 2 stand out."
    )
    loose = dataclasses.replace(result, study=result.study.model_copy(update={"alpha": 0.6}))
    text = " ".join(prose.in_short(loose)).replace("\N{NO-BREAK SPACE}", " ")
    assert (
        "Taken by itself the mean of day 0 is not that of other days: CSI 300 +2.09 per cent (p = 0.182, adjusted"
        in text
    )
    assert "in CSI 300: CSI 300 +2.65 per cent (p = 0.242, adjusted" in text
    assert text.count("Some events follow falls, after which such means are found too often") == 1
    assert "what came after in CSI 300 and Hang Seng TECH is not what follows other days" in text


def test_the_answer_in_short_without_placebo_says_what_is_left():
    """No placebo of a mean: nothing about means, and no mistake."""
    result = result_of("stamp-duty")
    tests = result.frames["statistics"]
    none = tests[tests["statistic"] != "placebo"]
    first, after, _ = prose.in_short(
        dataclasses.replace(result, frames={**result.frames, "statistics": none})
    )
    assert "mean" not in first + after
    assert "Of 7 reactions 4 stand out" in first


def test_the_answer_in_short_names_the_categories_that_stand_out():
    """Among all means of the study, adjusted for their number; none where none does."""
    result = result_of("stamp-duty")
    several = result.frames["multiplicity"].assign(reason="")
    day0 = (several["window_start"] == 0) & (several["window_end"] == 0)
    two = pd.concat([several, several.assign(group="other")], ignore_index=True)
    two.index.name = "multiplicity"

    def short(frame):
        frame.index.name = "multiplicity"
        changed = dataclasses.replace(result, frames={**result.frames, "multiplicity": frame})
        return " ".join(prose.in_short(changed))

    first = several.iloc[0]["group"]
    assert "By category" not in short(several)
    n = int((two["model"] == "constant_mean").sum())
    assert (
        f"none stands out on day 0, adjusted for all {n} means of categories, indices and windows."
        in short(two.assign(p_min_p=1.0))
    )
    third = pd.concat([two, two.assign(group="third")], ignore_index=True)
    low = (third["group"] == first) & pd.concat([day0] * 4, ignore_index=True)
    text = short(third.assign(p_min_p=np.where(low & (third["asset"] == "CSI300"), 0.01, 1.0)))
    assert "and windows: stamp duty (CSI 300 +2.09)." in text
