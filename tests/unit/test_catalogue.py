"""The Chinese catalogue: it has what reports say, and a report in Chinese says it."""

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from eventstudy import formats, labels
from eventstudy.document import passages, study_document
from eventstudy.language import join, retold, using
from tests.studies import result_of

ROOT = Path(__file__).parents[2]
CHINESE = "zh-Hans"
BARE = re.compile(r"\d中的\d")
"""A number of things without their measure word."""


@pytest.fixture(scope="module")
def result():
    found = result_of("stamp-duty")
    shown = found.study.report.model_copy(update={"language": CHINESE})
    return replace(found, study=found.study.model_copy(update={"report": shown}))


@pytest.fixture(scope="module")
def document(result):
    return study_document(result)


def test_the_catalogue_has_every_message():
    """None lacks a translation, has other gaps, or is said no longer."""
    command = [sys.executable, "docs/build_catalogue.py", "--check"]
    outcome = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (outcome.returncode, outcome.stderr.strip()) == (0, "")


def test_a_document_is_in_the_language_of_its_study(document):
    assert document.language == CHINESE
    assert [section.title for section in document.sections[:3]] == ["摘要", "效应大小", "时间线"]
    assert set(document.numbered.values()) >= {"表1", "图1"}


def test_tables_of_a_chinese_document_have_no_english_heading(document):
    """But for letters of the field: CAR, p, n, sha256, the names of tests that are names of people."""
    titles = {column.title for table in document.tables() for column in table.columns}
    assert [title for title in titles if re.search(r"[a-z]{3,} [a-z]{2,}", title)] == []
    assert {"事件", "指数", "结论"} <= titles


def test_parts_are_counted_with_a_measure_word(document):
    """Never ``5中的3个``: a number of things has its word, in sentences and in cells."""
    cells = [cell for table in document.tables() for row in table.rows for cell in row]
    written = [each.text for each in passages(document)]
    written += [text for cell in cells for text in (cell.text, cell.detail)]
    assert [text for text in written if BARE.search(text)] == []
    assert any("个中的" in text for text in written)


def test_a_chinese_document_has_the_numbers_of_the_english_one(document, result):
    """Passage by passage: none is lost in words that were told again."""
    english = study_document(result, "en")
    for one, other in zip(passages(document), passages(english), strict=True):
        assert len(one.numbers) == len(other.numbers), (one.text, other.text)


def test_instruments_have_names_in_the_language(result):
    assert labels.full_name(result.study, "CSI300") == "CSI 300"
    with using(CHINESE):
        assert labels.full_name(result.study, "CSI300") == "沪深300"
        assert labels.short_name(result.study, "HSTECH") == "恒生科技"


def test_dates_windows_and_numbers_of_things_in_chinese():
    with using(CHINESE):
        assert formats.day("2023-08-28") == "2023年8月28日"
        assert formats.month("2023-08-28") == "2023年8月"
        assert formats.window(1, 5) == "第+1至+5日"
        assert formats.count(3, "event") == "3个事件"
        assert formats.listing(["甲", "乙"]) == "甲和乙"
        assert join([formats.percent(0.0123)]) == "+1.23"


def test_every_reason_and_finding_of_a_study_is_told(result):
    """What the frames hold in words: no run of English words is left."""
    told = set()
    with using(CHINESE):
        for frame in result.frames.values():
            for column in {
                "reason",
                "forecast_reason",
                "finding",
                "recommendation",
                "note",
                "doubt",
            } & set(frame):
                told |= {str(retold(text)) for text in set(frame[column])}
    assert len(told) > 50
    assert [text for text in told if re.search(r"[a-z]{3,} [a-z]{2,} [a-z]{2,}", text)] == []


def test_series_in_reasons_are_called_by_their_names_in_the_language(document):
    """No id, and no English name of one that has another."""
    words = [each.text for each in passages(document) if re.search("[一-鿿]", each.text)]
    assert [text for text in words if re.search("HSTECH|SPX|Hang Seng|CSI ?300", text)] == []


def test_laws_and_numbers_in_words_are_told():
    with using(CHINESE):
        assert [retold(law) for law in ("normal", "exact", "relabelled(9999)", "t(4)")] == [
            "正态",
            "精确",
            "重新标记（9999次）",
            "t(4)",
        ]
        assert "；1个簇彼此独立：第1和2号" in retold(
            "2 of 2 events share sessions of days -5 to +20 with another or are confounded by one; "
            "one cluster lies apart: 第1和2号"
        )
        assert "；5个簇彼此独立" in retold(
            "0 of 5 events share sessions of days -5 to +20 with another; five clusters lie apart"
        )


def test_words_of_a_result_are_told_in_the_language():
    reason = (
        "Sunday 27 Aug 2023 18:00 Beijing time: Shanghai and Shenzhen closed that day; "
        "day 0 is the next session, Monday 28 Aug 2023"
    )
    with using(CHINESE):
        assert retold("no finite value; not studied on A") == "没有有限值；未研究A"
        assert retold(reason) == (
            "北京时间2023年8月27日（星期日）18:00：沪深当日休市；第0日为下一个交易日2023年8月28日（星期一）"
        )
        assert retold("what nobody translated") == "what nobody translated"
        told = retold("2 of 5 days 0 moved by 7 per cent or more: A, B")
    assert (told, len(told.numbers)) == ("5个第0日中有2个变动达7%或以上：A, B", 4)
    assert retold(reason) == reason
