"""Every number that a report says in words stands in numbers.json, and where it says it comes from."""

import json
import re
from dataclasses import replace

import pytest

from eventstudy.document import NUMBERS, numbers_json, passages, study_document
from eventstudy.language import Datum, Number, Said, Whole, catalogue, numbers
from eventstudy.spec import load
from eventstudy.study import run_study
from tests.printed import CELL, counted_again, read, stands_for
from tests.studies import EVENTS, result_of

IN_WORDS = {
    "cells less rows of results/dropped.csv",
    "p-values of the table",
    "p-values of the table at or below alpha",
    "placebo p-values of the table",
    "placebo p-values of the table at their floor",
    "rows of results/specifications.csv without an effect, by reason",
}
"""Counts whose rule is told in words and is no condition on the columns of one file."""


def names(study):
    """Return what may hold digits and no number: names, titles and ids of the study file."""
    found = [study.title, *(event.title for event in study.events)]
    for key, one in study.instruments.items():
        found += [key, one.name, one.short or ""]
    return sorted(filter(None, found), key=len, reverse=True)


def own_words(study):
    """Return what a study file says itself, numbers and all."""
    return {study.description, *(event.notes for event in study.events)}


def without(text, known):
    for name in known:
        text = text.replace(name, "")
    return text


def of_two_categories():
    """The changes of the stamp duty, those of 2008 apart, on one index by one model."""
    file = load(EVENTS / "stamp-duty.yaml")
    study = file.study
    events = tuple(
        event.model_copy(update={"category": "crisis"}) if "2008" in event.id else event
        for event in study.events
    )
    less = {"events": events, "assets": ("CSI300",), "models": study.models[:1], "robustness": None}
    return run_study(replace(file, study=study.model_copy(update=less)))


@pytest.fixture(scope="module", params=["one category", "two categories"])
def told(request, tmp_path_factory):
    """Return a study, its document, what went into its messages, and its folder as it is written."""
    several = request.param == "two categories"
    result, parts = of_two_categories() if several else result_of("stamp-duty"), []
    original = numbers.numbers_of

    def recorded(*values):
        parts.extend(values)
        return original(*values)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalogue, "numbers_of", recorded)
        patch.setattr(numbers, "numbers_of", recorded)
        document = study_document(result)
    folder = tmp_path_factory.mktemp("told") / "report"
    result.save(folder)
    (folder / NUMBERS).write_text(numbers_json(document), encoding="utf-8")
    return result, document, parts, folder


def entries(folder):
    listed = json.loads((folder / NUMBERS).read_text("utf-8"))["texts"]
    return [(each, number) for each in listed for number in each["numbers"]]


def test_no_number_comes_into_a_sentence_as_plain_words(told):
    """Whatever fills a gap is a number with its source, words with their numbers, or a name."""
    result, document, parts, _ = told
    known = names(result.study)
    plain = {
        part
        for part in parts
        if not isinstance(part, Number | Said | Datum | Whole)
        and re.search(r"\d", without(str(part), known))
    }
    assert not {type(part) for part in plain} & {int, float}
    left = " ".join(
        without(each.text, [*known, *sorted(each.numbers, key=len, reverse=True)])
        for each in passages(document)
        if each.text not in own_words(result.study)
    )
    assert [part for part in plain if re.search(rf"(?<!\w){re.escape(part)}(?!\w)", left)] == []


def test_words_with_digits_know_their_numbers(told):
    """Only what the study file says in its own words is plain."""
    result, document, _, _ = told
    known = names(result.study)
    bare = [
        each
        for each in passages(document)
        if not isinstance(each.text, Said)
        and each.text not in own_words(result.study)
        and re.search(r"\d", without(each.text, known))
    ]
    assert bare == []


def test_every_number_stands_in_its_words_and_has_a_source(told):
    *_, folder = told
    found = entries(folder)
    assert len(found) > 300
    for each, number in found:
        assert number["printed"] in each["text"], (number, each)
        assert number["source"], (number, each)


def test_every_place_is_an_anchor_of_the_page(told):
    """A section, and in it a part, a table or a figure."""
    _, document, _, folder = told
    sections = {"", *(section.id for section in document.sections)}
    listed = json.loads((folder / NUMBERS).read_text("utf-8"))["texts"]
    assert {each["section"] for each in listed} <= sections
    assert all(bool(each["anchor"]) == bool(each["section"]) for each in listed)


def test_every_cell_named_as_a_source_is_the_number_printed(told):
    """The cell of the file as it is saved, formatted, is what the words say."""
    *_, folder = told
    files, checked = {}, 0
    for each, number in entries(folder):
        if not (found := CELL.fullmatch(number["source"])):
            continue
        file, row, column = found.groups()
        if file not in files:
            files[file] = read(folder, file)
        cell = files[file][int(row) - 1][column]
        assert stands_for(number, cell), (number, cell, each["text"])
        checked += 1
    assert checked > 100


def test_every_count_can_be_made_again(told):
    """From the file and the conditions that stand beside it, as a program would."""
    *_, folder = told
    found = [(number, each) for each, number in entries(folder) if "rows" in number]
    assert len(found) > 40
    for number, each in found:
        assert counted_again(folder, number["rows"]) == number["value"], (number, each["text"])


@pytest.mark.slow
def test_every_count_of_a_long_study_can_be_made_again(tmp_path):
    result = result_of("monetary-easing")
    result.save(tmp_path / "report")
    (tmp_path / "report" / NUMBERS).write_text(numbers_json(study_document(result)), "utf-8")
    found = [number for _, number in entries(tmp_path / "report") if "rows" in number]
    assert len(found) > 60
    again = [counted_again(tmp_path / "report", number["rows"]) for number in found]
    assert again == [number["value"] for number in found]


def test_few_counts_say_their_rule_in_words_only(told):
    """Sums of rows by reason, of cells of a table, of pairs in two files; no more than there are."""
    *_, folder = told
    left = {
        number["source"]
        for _, number in entries(folder)
        if "rows" not in number
        and isinstance(number["value"], int)
        and re.search(r"\brows\b(?! \d)|p-values of the table", number["source"])
    }
    assert left <= IN_WORDS


def test_the_same_document_gives_the_same_text(told):
    _, document, _, folder = told
    assert numbers_json(document) == (folder / NUMBERS).read_text("utf-8")
