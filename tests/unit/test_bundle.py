"""Bundles: what is in them, that they run again, and what becomes of those that were changed or are hostile."""

from __future__ import annotations

import csv
import dataclasses
import json
import shutil
import stat
import subprocess
import zipfile
from pathlib import Path

import numpy as np
import pytest

from eventstudy.bundle import Given, layout, verify, write_bundle
from eventstudy.bundle.archive import pack, unpack
from eventstudy.bundle.compare import compare
from eventstudy.cli import main
from eventstudy.errors import DataError
from eventstudy.sources.written import read_prices, write_prices

STUDY = """
format: 1
title: A small study, "quoted" | piped
description: Does it run again?
assets: [CSI300]
models: [constant_mean]
statistics: [forecast_t, bmp, sign_flip]
procedures: []
robustness: false
windows: [[0, 0], [1, 5]]
report: {sections: [summary, effect_sizes, provenance]}
events:
  - {id: A, title: Stamp duty halved, announced: 2023-08-27 18:00}
  - {id: B, title: Tariffs, announced: 2019-05-05 22:00}
  - {id: C, title: "=cmd()", announced: 2020-02-01}
"""
GIVEN = Given(("A. Author",), "CC-BY-4.0", "2026-01-02")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("bundle")
    (place / "small.yaml").write_text(STUDY, encoding="utf-8")
    target = place / "small-bundle"
    target.mkdir()
    write_bundle([place / "small.yaml"], target, GIVEN)
    return target


@pytest.fixture
def copy(folder, tmp_path):
    return Path(shutil.copytree(folder, tmp_path / folder.name))


def change_a_close(path, day, target):
    """Write prices with the close of a day one per cent higher."""
    prices = read_prices(path)
    close = prices.values["close"].copy()
    close[np.searchsorted(prices.dates, np.datetime64(day)), 0] *= 1.01
    write_prices(dataclasses.replace(prices, values={**prices.values, "close": close}), target)


def test_what_is_in_a_bundle(folder):
    for name in (
        layout.README,
        layout.CITATION,
        layout.CRATE,
        layout.PACKAGE,
        layout.SUMS,
        layout.SCRIPT,
    ):
        assert (folder / name).is_file()
    text = (folder / layout.README).read_text(encoding="utf-8")
    for heading in (
        "## Data availability and provenance statements",
        "## Computational requirements",
        "## Description of programs",
        "## Instructions to replicators",
        "## List of tables and figures, and the programs that make them",
    ):
        assert heading in text
    assert "numpy==" in (folder / layout.REQUIREMENTS).read_text()
    for line in (folder / layout.SUMS).read_text().splitlines():
        assert (folder / line.partition("  ")[2]).is_file()


def test_every_table_and_figure_has_its_program_line_and_file(folder):
    with (folder / layout.EXHIBITS).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["section"].split(" / ")[0] for row in rows} >= {"Summary", "Effect sizes"}
    script = (folder / layout.SCRIPT).read_text().splitlines()
    for row in rows:
        assert (folder / row["file"]).is_file(), row
        assert "eventstudy verify . --out rerun" in script[int(row["line"]) - 1]


def test_a_bundle_runs_again_to_the_same_bytes(folder, tmp_path):
    archive = tmp_path / "small-bundle.zip"
    pack(folder, archive)
    found = verify(archive, out=tmp_path / "new")
    assert found.matches
    assert found.cells > 1_000
    assert (found.changed, found.versions, found.code, found.files) == ((), (), (), ())
    assert all(table.same_bytes for table in found.tables)
    assert (tmp_path / "new" / "results" / "car.csv").is_file()
    again = tmp_path / "again.zip"
    pack(folder, again)
    assert archive.read_bytes() == again.read_bytes()


def test_one_changed_price_is_found(copy):
    """The close of 28 August 2023 one per cent higher: the first cell that differs is named."""
    path = copy / layout.STUDY / layout.PRICES
    change_a_close(path, "2023-08-28", path)
    found = verify(copy, out=copy.parent / "new")
    with (copy.parent / "new" / "differences.csv").open(encoding="utf-8", newline="") as file:
        listed = list(csv.DictReader(file))
    assert len(listed) == found.differing
    assert listed[0]["found"] == found.first.found
    assert found.changed[0] == f"{layout.STUDY}/{layout.PRICES} was changed"
    assert found.changed[1].startswith("the prices of study/small.yaml: ")
    assert 0 < found.differing < found.cells
    assert found.first.file.startswith("output/")
    assert found.first.expected != found.first.found
    assert any(table.file.endswith("car.csv") and table.differing for table in found.tables)


def test_a_price_file_that_is_edited_by_hand_is_refused(copy):
    path = copy / layout.STUDY / layout.PRICES
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(DataError, match="changed after it was written"):
        verify(copy)


def test_one_changed_option_is_found(copy, capsys):
    path = copy / layout.STUDY / "small.yaml"
    path.write_text(path.read_text().replace("[1, 5]", "[1, 4]"))
    assert main(["verify", str(copy)]) == 1
    said = capsys.readouterr().out
    assert "changed since it was written: study/small.yaml was changed" in said
    assert "first difference: output/export/cars.csv heading column" in said
    assert "DIFF:" in said


def test_another_version_of_a_library_is_named(copy, capsys):
    """As a bundle of another machine would have it: numpy 1.0 there, ours here; the numbers agree."""
    path = copy / layout.FACTS
    facts = json.loads(path.read_text())
    facts["versions"]["numpy"] = "1.0"
    path.write_text(json.dumps(facts))
    (copy / layout.SUMS).unlink()
    assert main(["verify", str(copy)]) == 1
    said = capsys.readouterr().out
    assert "other versions than in the bundle: numpy 1.0 ->" in said
    assert "SHA256SUMS is missing" in said
    assert "MATCH" in said


def test_prices_that_may_not_be_passed_on(folder, tmp_path):
    """Left out on request: the request and the fingerprint stand for them, and no others are taken."""
    target = tmp_path / "without"
    target.mkdir()
    write_bundle([folder.parent / "small.yaml"], target, Given(prices=False))
    assert not (target / layout.STUDY / layout.PRICES).exists()
    text = (target / layout.README).read_text()
    assert "do not let its prices be passed on" in text
    with pytest.raises(DataError, match=r"CSI300 \(snapshot CSI300\)"):
        verify(target)
    frozen = folder / layout.STUDY / layout.PRICES
    assert verify(target, prices=[frozen]).matches
    change_a_close(frozen, "2023-08-28", tmp_path / "other.parquet")
    with pytest.raises(DataError, match=r"nothing\.parquet cannot be read"):
        verify(target, prices=[tmp_path / "nothing.parquet"])
    with pytest.raises(DataError, match="other prices give other numbers"):
        verify(target, prices=[tmp_path / "other.parquet"])


def entry(name, mode=stat.S_IFREG | 0o644):
    found = zipfile.ZipInfo(name)
    found.external_attr = mode << 16
    return found


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ([entry("b/../../evil.txt")], "leads out of the folder"),
        ([entry("/etc/evil.txt")], "leads out of the folder"),
        ([entry("C:/evil.txt")], "leads out of the folder"),
        ([entry("b\\..\\evil.txt")], "leads out|no bundle"),
        ([entry("b/link", stat.S_IFLNK | 0o777)], "link or a device"),
        ([entry("b/a.txt"), entry("b/A.txt")], "two of its entries have one name"),
        ([entry("b/bell\a.txt")], "control characters"),
        ([entry("one/a.txt"), entry("two/a.txt")], "one folder with everything"),
    ],
)
def test_hostile_archives_are_refused(tmp_path, names, message):
    path = tmp_path / "hostile.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for each in names:
            archive.writestr(each, b"x")
    place = tmp_path / "place"
    place.mkdir()
    with pytest.raises(DataError, match=message):
        unpack(path, place)
    assert not (tmp_path / "evil.txt").exists()


def test_a_bomb_is_refused(tmp_path):
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("b/bomb", b"\0" * 30_000_000)
    place = tmp_path / "place"
    place.mkdir()
    with pytest.raises(DataError, match="200 times its own size"):
        unpack(path, place)


@pytest.mark.parametrize("cut", [0, 10, 1_000, -30])
def test_a_damaged_archive_is_refused(folder, tmp_path, cut):
    path = tmp_path / "damaged.zip"
    pack(folder, path)
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(DataError, match="damaged"):
        verify(path)


def test_an_archive_with_a_flipped_bit_is_refused(folder, tmp_path):
    path = tmp_path / "flipped.zip"
    pack(folder, path)
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"damaged|refused"):
        verify(path)


def test_what_is_no_bundle(tmp_path, capsys):
    assert main(["verify", str(tmp_path / "nothing.zip")]) == 3
    assert "there is no bundle" in capsys.readouterr().err
    assert main(["verify", str(tmp_path)]) == 3
    assert "it has no bundle.json" in capsys.readouterr().err


def test_tables_are_compared_within_rounding(tmp_path):
    old, new = tmp_path / "old.csv", tmp_path / "new.csv"
    old.write_text("id,p\nA,0.1\nB,0.2\nC,\n")
    new.write_text("id,p\nA,0.10000000000000002\nB,0.2000001\nC,\n")
    found = compare("p.csv", old, new)
    assert (found.cells, found.differing, found.same_bytes) == (6, 1, False)
    assert str(found.differences[0]) == "p.csv row 1 p: 0.2 in the bundle, 0.2000001 now"
    new.write_text("id,p\nA,0.1\n")
    assert (
        str(compare("p.csv", old, new).differences[0])
        == "p.csv row 1 id: B in the bundle, (nothing) now"
    )


def test_command(folder, tmp_path, capsys):
    out = tmp_path / "b.zip"
    study = folder.parent / "small.yaml"
    assert (
        main(["bundle", str(study), "--out", str(out), "--author", "A", "--date", "2026-01-02"])
        == 0
    )
    assert "eventstudy verify" in capsys.readouterr().out
    assert main(["verify", str(out)]) == 0
    assert capsys.readouterr().out.rstrip().splitlines()[-1].startswith("MATCH: ")
    taken = tmp_path / "taken"
    taken.mkdir()
    (taken / "mine.txt").write_text("x")
    assert main(["bundle", str(study), "--out", str(taken)]) == 2
    assert "is there already" in capsys.readouterr().err


VALIDATORS = Path(__file__).parents[2] / ".venv-validators" / "bin"
CRATE = """
import sys
from rocrate_validator import models, services
found = services.validate(
    services.ValidationSettings(
        rocrate_uri=sys.argv[1],
        profile_identifier="ro-crate-1.1",
        requirement_severity=models.Severity.REQUIRED,
        abort_on_first=False,
    )
)
print(*(issue.check.identifier for issue in found.get_issues()))
"""
CONTEXT = """
import sys, urllib.request
from pathlib import Path
from email.message import Message
from io import BytesIO
import rdflib._networking
import rocrate

text = (Path(rocrate.__file__).parent / "data" / "ro-crate.jsonld").read_bytes()

def opened(request, *rest, **options):
    found = BytesIO(text)
    found.headers = Message()
    found.headers["Content-Type"] = "application/ld+json"
    found.url, found.status = "context", 200
    found.info, found.geturl, found.getcode = (lambda: found.headers), (lambda: found.url), (lambda: 200)
    return found

urllib.request.urlopen = rdflib._networking.urlopen = opened
"""
"""The JSON-LD context of RO-Crate as the package rocrate ships it, in place of the network."""


def validated(*command):
    """Run a validator and return what it prints; the test is left out where none is installed."""
    if not VALIDATORS.is_dir():
        pytest.skip(".ci/validators has not been run")
    done = subprocess.run(
        [VALIDATORS / command[0], *command[1:]], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_metadata_pass_their_own_validators(folder):
    """Of RO-Crate all but the two checks that fetch the context from the network."""
    assert "valid" in validated("cffconvert", "--validate", "-i", folder / layout.CITATION)
    assert "INVALID" not in validated("frictionless", "validate", folder / layout.PACKAGE)
    found = validated("python", "-c", CONTEXT + CRATE, folder)
    assert set(found.split()) <= {"ro-crate-1.1_3.1", "ro-crate-1.1_3.2"}
    said = "from rocrate.rocrate import ROCrate; import sys; print(len(list(ROCrate(sys.argv[1]).get_entities())))"
    assert int(validated("python", "-c", said, folder)) > 20


@pytest.mark.slow
def test_a_bundle_verifies_with_other_versions(folder):
    """Python 3.13 with its own numpy: every cell matches, and the versions are named."""
    other = Path(__file__).parents[2] / ".venv-3.13" / "bin" / "eventstudy"
    if not other.exists():
        pytest.skip(".ci/python-3.13 has not been run")
    done = subprocess.run([other, "verify", folder], capture_output=True, text=True, check=False)
    assert "other versions than in the bundle" in done.stdout
    assert done.stdout.rstrip().splitlines()[-1].startswith("MATCH: "), done.stdout[-2000:]
