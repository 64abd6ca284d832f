"""Messages, and the numbers in them with where they come from."""

import pytest

from eventstudy import formats, labels
from eventstudy.language import derived, join, say, say_n, using
from tests.studies import result_of


@pytest.fixture(scope="module")
def verdicts():
    return result_of("stamp-duty").frames["verdicts"]


def test_a_number_in_a_sentence_knows_its_cell(verdicts):
    row = labels.records(verdicts.iloc[2:3])[0]
    text = say("{size} per cent ({p})", size=formats.percent(row.ar0), p=formats.p_equals(row.p0))
    assert [number.source for number in text.numbers] == [
        "results/verdicts.csv row 3 ar0",
        "results/verdicts.csv row 3 p0",
    ]
    assert [float(number.value) for number in text.numbers] == [row.ar0, row.p0]
    assert [str(number) in text for number in text.numbers] == [True, True]


def test_numbers_survive_joining_counting_and_capitals():
    n = derived(4, "rows of results/verdicts.csv")
    text = formats.capital(join([formats.count(n, "event"), formats.of_all(n, 5, "event")], "; "))
    assert text == "Four events; four of five events"
    assert [number.value for number in text.numbers] == [4, 4, 5]
    listed = formats.listing([formats.percent(0.01), formats.percent(-0.02), "more"])
    assert (listed, len(listed.numbers)) == ("+1.00, −2.00 and more", 2)


def test_one_and_many():
    assert say_n("{n} day", "{n} days", 1, n=formats.number(1, 0)) == "1 day"
    assert say_n("{n} day", "{n} days", 0, n=formats.number(0, 0)) == "0 days"


def test_the_language_ends_with_its_block():
    with using("zh-Hans"):
        assert str(formats.in_words(3)) == "3"
    assert str(formats.in_words(3)) == "three"


def test_a_printed_number_tells_its_unit():
    shown = [formats.percent(0.02), formats.share(0.4), formats.part_of(0.6, 5).numbers[0]]
    assert [(str(each), float(each.value) * each.scale) for each in shown] == [
        ("+2.00", 2.0),
        ("40%", 40.0),
        ("3", 3.0),
    ]
    assert formats.number(7.5, 1).scale == 1
