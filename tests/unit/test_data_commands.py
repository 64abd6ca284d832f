"""``eventstudy data`` and the options of ``run`` that choose where prices come from."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest

from eventstudy.sources.written import read_prices, write_prices
from eventstudy.spec import Choice, load
from eventstudy.study import run_study

STUDY = """
format: 1
title: Stamp duty
assets: [CSI300]
models: [constant_mean]
statistics: [forecast_t]
procedures: []
robustness: false
events:
  - {id: SD2023, announced: 2023-08-27 18:00, title: Stamp duty halved}
"""


@pytest.fixture
def study(tmp_path, monkeypatch):
    monkeypatch.setenv("EVENTSTUDY_CACHE", str(tmp_path / "cache"))
    path = tmp_path / "study.yaml"
    path.write_text(STUDY)
    return path


def test_frozen_prices_give_the_same_numbers(call, study, tmp_path):
    code, out, _ = call("data", "freeze", study)
    assert code == 0
    fingerprint = re.search(r"fingerprint ([0-9a-f]{64})", out).group(1)
    line = out.splitlines()[-1]
    assert line == "source: {name: frozen, file: study.prices.parquet}"
    again = tmp_path / "again.yaml"
    again.write_text(f"{STUDY}{line}\nfingerprint: {fingerprint[:16]}\n")
    assert call("run", study, again, "--out", tmp_path / "out")[0] == 0
    manifests = [
        json.loads((tmp_path / "out" / name / "manifest.json").read_text())
        for name in ("study", "again")
    ]
    assert {each["provenance"]["prices_sha256"] for each in manifests} == {fingerprint}
    assert manifests[0]["files"] == manifests[1]["files"]


def test_the_prices_of_the_second_source_are_frozen_too(call, study):
    call("data", "freeze", study)
    text = f"{STUDY}source: {{name: frozen, file: study.prices.parquet}}\n"
    study.write_text(f"{text}second_source: snapshot\n")
    code, out, _ = call("data", "freeze", study)
    line = out.splitlines()[-1]
    assert (code, line) == (0, "second_source: {name: frozen, file: study.second-prices.parquet}")
    study.write_text(f"{text}{line}\n")
    assert call("data", "fetch", study)[1].count("study.yaml (second source): fingerprint") == 1


def test_a_freeze_that_fails_leaves_the_old_file(call, study, monkeypatch):
    call("data", "freeze", study)
    frozen = study.with_name("study.prices.parquet")
    before = frozen.read_bytes()

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pyarrow.parquet.write_table", full)
    code, _, err = call("data", "freeze", study)
    assert (code, "No space left on device" in err) == (2, True)
    assert frozen.read_bytes() == before
    assert list(study.parent.glob(".*")) == []


def test_other_prices_than_the_pinned_ones(call, study):
    study.write_text(f"{STUDY}fingerprint: {'0' * 12}\n")
    code, _, err = call("data", "freeze", study)
    assert code == 3
    assert "gives other prices (fingerprint " in err
    assert "remove the line `fingerprint`" in err


def test_the_same_prices_do_not_differ(call, study):
    call("data", "freeze", study)
    frozen = study.with_name("study.prices.parquet")
    assert call("data", "diff", frozen, frozen)[:2] == (0, "no price differs\n")
    code, out, _ = call("data", "diff", frozen, frozen, "--study", study)
    assert code == 0
    assert out.endswith("study.yaml: no conclusions differ\n")


def test_a_price_of_one_set_alone_is_told_and_a_set_that_stops_the_study_is_named(call, study):
    call("data", "freeze", study)
    frozen, other = study.with_name("study.prices.parquet"), study.with_name("other.parquet")
    prices = read_prices(frozen)
    values = {name: array.copy() for name, array in prices.values.items()}
    last = {name: array[-1, 0] for name, array in values.items()}
    for array in values.values():
        array[-1] = np.nan
    values["close"][prices.dates == np.datetime64("2023-08-25")] *= 1.2
    write_prices(replace(prices, values=values), other)
    code, out, err = call("data", "diff", frozen, other, "--study", study)
    assert out.startswith(f"{1 + sum(not np.isnan(each) for each in last.values())} prices differ")
    assert re.search(rf"close +2025-12-31 +{last['close']} +none", out)
    assert code == 3
    assert f"{study} with the prices {other}: the prices fail 1 check" in err


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("data", "diff", "nothing.parquet", "x"), 3, "has no whole set of prices"),
        (("data", "diff", "0" * 12, "1" * 12), 3, "has no whole set of prices"),
        (("run", "study.yaml", "--source", "bloomberg"), 2, "bloomberg"),
        (("run", "study.yaml", "--source", "files"), 3, "cannot be chosen on the command line"),
        (("run", "study.yaml", "--source", "chain"), 3, "'chain' needs `sources`: it cannot be"),
        (("run", "study.yaml", "--offline", "--refresh"), 2, "contradict each other"),
        (("data", "freeze", "missing.yaml"), 2, "file-not-found"),
    ],
)
def test_mistakes(call, study, monkeypatch, arguments, code, words):
    monkeypatch.chdir(study.parent)
    got, out, err = call(*arguments)
    assert (got, words in out + err) == (code, True), (got, out, err)


def test_the_source_on_the_command_line_is_part_of_the_command(call, study, tmp_path):
    assert call("run", study, "--source", "snapshot", "--out", tmp_path / "out")[0] == 0
    manifest = json.loads((tmp_path / "out" / "study" / "manifest.json").read_text())
    assert manifest["provenance"]["command"].endswith("--source snapshot")


def test_an_empty_cache(call, study):
    code, out, _ = call("data", "status")
    assert code == 0
    assert out.splitlines()[-1] == f"Downloads in {study.parent / 'cache'}: none"
    code, out, _ = call("data", "verify")
    assert (code, out) == (
        0,
        f"there is no cache at {study.parent / 'cache'}: nothing has been downloaded to it\n",
    )


def test_a_source_without_flows_says_so(call, study, tmp_path):
    """The flow of the snapshot has no frozen copy: the page says what is missing, and the rest is there."""
    call("data", "freeze", study)
    study.write_text(f"{STUDY}outcome: [return, flow]\n")
    frozen = load(study)
    changed = replace(
        frozen,
        study=frozen.study.model_copy(
            update={
                "source": Choice(
                    name="frozen", label="frozen", options={"file": "study.prices.parquet"}
                )
            }
        ),
    )
    quality = run_study(changed).frames["quality"]
    (row,) = quality[quality["check"] == "flows"].to_dict("records")
    assert row["status"] == "REVIEW"
    assert row["finding"] == "the study asks for flows, and the source 'frozen' has none"


def test_a_cache_that_is_a_file_or_in_the_home_folder(call, study, monkeypatch):
    code, _, err = call("data", "verify", "--cache", study)
    assert (code, "Not a directory" in err) == (3, True)
    monkeypatch.setenv("HOME", str(study.parent))
    (study.parent / "mine").mkdir()
    code, out, _ = call("data", "verify", "--cache", "~/mine")
    assert (code, out) == (
        0,
        f"{study.parent / 'mine'}: 0 downloads, every file as it was written\n",
    )
    place = study.parent / "mine" / "v1" / "downloads" / "yahoo" / "x"
    place.mkdir(parents=True)
    (place / "abc.parquet").write_bytes(b"")
    code, _, err = call("data", "verify", "--cache", "~/mine")
    assert (code, "1 file that no log lists, such as v1/downloads/yahoo/x/abc.parquet" in err) == (
        *(0, True),
    )
