"""Bundles: what is in them, that they run again, and what becomes of those that were changed or are hostile."""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import json
import re
import shutil
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from eventstudy.bundle import Given, layout, verify, write_bundle
from eventstudy.bundle.archive import copy as copy_folder
from eventstudy.bundle.archive import pack, unpack
from eventstudy.bundle.compare import compare
from eventstudy.bundle.contents import sums
from eventstudy.bundle.environment import OURS, lock, package, pinned, requirements
from eventstudy.bundle.software import code, other_code, wheel_name, write_wheel
from eventstudy.cli import main
from eventstudy.errors import DataError, OptionError, ReportError
from eventstudy.sources.written import read_prices, write_prices

LOCK = """a==1.0 \\
    --hash=sha256:aa \\
    --hash=sha256:ab
b==1.5 ; python_full_version < '3.12' \\
    --hash=sha256:ba
b==2.0 ; python_full_version >= '3.12' \\
    --hash=sha256:bb
    # via a
colorama==0.4 ; sys_platform == 'win32' \\
    --hash=sha256:cc
    # via
    #   -c requirements.lock
    #   b
runner==0.1 ; sys_platform == 'linux' \\
    --hash=sha256:dd
    # via other
"""
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
    for citation in (folder / layout.CITATION, Path(__file__).parents[2] / "CITATION.cff"):
        assert "valid" in validated("cffconvert", "--validate", "-i", citation)
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


@pytest.fixture
def bundle(folder, tmp_path, monkeypatch):
    """A copy to spoil; the new run gives what the bundle had."""

    def run(_file, _frozen, target, **_name):
        shutil.copytree(folder / layout.OUTPUT, target)

    monkeypatch.setattr(sys.modules[verify.__module__], "rerun", run)
    return Path(shutil.copytree(folder, tmp_path / folder.name))


def listed_anew(bundle):
    """Write the list of hashes anew, as who wants to hide a change would."""
    lines = (f"{digest}  {name}\n" for name, digest in sums(bundle).items())
    (bundle / layout.SUMS).write_text("".join(lines), encoding="utf-8")


def test_the_wheel_is_the_program_that_runs_and_has_the_same_bytes_again(folder, tmp_path):
    wheel, again = folder / layout.SOFTWARE / wheel_name(), write_wheel(tmp_path)
    assert wheel.read_bytes() == again.read_bytes()
    assert other_code(wheel) == ()
    with zipfile.ZipFile(wheel) as archive:
        about = wheel.name.removesuffix("-py3-none-any.whl") + ".dist-info"
        record = archive.read(f"{about}/RECORD").decode()
        assert {row[0] for row in csv.reader(record.splitlines())} == set(archive.namelist())
        names = set(archive.namelist())
        assert "Requires-Dist: babel" in archive.read(f"{about}/METADATA").decode()
    assert {"eventstudy/snapshot/prices.npy", "eventstudy/py.typed"} <= names
    assert any(name.endswith(".jinja") for name in names)
    assert f"{about}/licenses/LICENSE" in names
    assert wheel.stat().st_size < 2_000_000


def test_a_program_that_differs_is_named(folder, tmp_path):
    wheel = folder / layout.SOFTWARE / wheel_name()
    other = tmp_path / "other.whl"
    with zipfile.ZipFile(wheel) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, text + b"#" if name == "eventstudy/errors.py" else text)
        new.writestr("eventstudy/more.py", b"")
    assert other_code(other) == ("eventstudy/errors.py", "eventstudy/more.py")


def test_everything_that_the_program_needs_is_pinned_with_hashes():
    """As the source tree says today, not as an editable installation said on its first day."""
    found = requirements()
    direct = {re.split(r"[^\w-]", need)[0] for need in package().needs if "extra ==" not in need}
    assert direct <= set(found)
    text = pinned(found, lock())
    for name, version in found.items():
        assert (f"{name}=={version} \\\n    --hash=" in text) != (name == OURS)


def test_every_extra_is_pinned_with_hashes():
    """A study with GARCH needs arch; the versions of the three locks are one."""
    names = {re.split(r"[^\w-]", need)[0] for need in package().needs if "extra ==" in need}
    found = requirements(names)
    assert {"arch", "akshare", "skfolio"} <= names & set(found)
    text = pinned(found, lock())
    for name, version in found.items():
        assert (f"{name}=={version} \\\n    --hash=" in text) != (name == OURS)
    few = pinned(requirements({"arch"}), lock())
    assert "arch==" in few
    assert "akracer" not in few
    locks = (lock_of("requirements.lock"), lock_of("requirements-dev.lock"))
    extras = lock_of("requirements-extras.lock")
    assert all(extras[name] <= each[name] for each in locks for name in extras.keys() & each.keys())
    assert locks[0].keys() <= extras.keys()


def lock_of(name):
    """Versions of every package of a lock; one for every range of Python."""
    found = {}
    text = (Path(__file__).parents[2] / name).read_text(encoding="utf-8")
    for package_name, version in re.findall(r"^([\w.-]+)==(\S+)", text, re.M):
        found.setdefault(package_name, set()).add(version)
    return found


def test_pins_keep_the_version_that_ran_and_what_other_systems_need():
    found = pinned({"a": "1.0", "b": "2.0", OURS: "1"}, LOCK)
    assert "b==2.0 \\\n    --hash=sha256:bb\n" in found
    assert "b==1.5" not in found
    assert "colorama==0.4 ; sys_platform == 'win32' \\" in found
    assert "--hash=sha256:ab" in found
    assert "runner" not in found
    assert pinned({"a": "1.0", "b": "3.0"}, LOCK) == "a==1.0\nb==3.0\n"


def test_the_script_installs_from_the_bundle_and_the_readme_says_what_it_took(folder):
    script = (folder / layout.SCRIPT).read_text()
    assert f"{layout.SOFTWARE}/{wheel_name()}" in script
    assert (folder / layout.SOFTWARE / wheel_name()).is_file()
    assert "--require-hashes" in script
    text = (folder / layout.README).read_text(encoding="utf-8")
    assert re.search(r"expect the programs to run for about \d+ seconds?\.", text)
    assert re.search(r"Last run on \w+ \S+, \d+ processors?", text)
    for heading in ("### Licence for code", "### Dataset list", "## References"):
        assert heading in text
    citation = (folder / layout.CITATION).read_text()
    assert '  - name: "A. Author"' in citation


def test_the_tables_of_a_panel_are_no_study(tmp_path, capsys):
    assert main(["bundle", str(tmp_path / "events.csv"), "--out", str(tmp_path / "x.zip")]) == 2
    said = capsys.readouterr().err
    assert "A panel has none: its manifest.json" in said
    assert "pool_assets" in said


def test_names_and_licences_are_checked():
    for given in ({"licence": "my own: terms"}, {"authors": (" ",)}, {"authors": ("A\nB",)}):
        with pytest.raises(OptionError, match=r"--licence|--author"):
            Given(**given)


@pytest.mark.parametrize(
    ("change", "first"),
    [
        (lambda path: path.unlink(), "car.csv: no such file in the bundle, a file now"),
        (
            lambda path: path.write_bytes(b"\xff\xfe"),
            "car.csv: not readable",
        ),
        (
            lambda path: path.write_text("\ufeff" + path.read_text()),
            r"car.csv heading column 1: \ufeffmodel in the bundle, model now",
        ),
        (
            lambda path: path.write_text(
                path.read_text().replace("event_id,asset", "asset,event_id")
            ),
            "car.csv heading column 2: asset in the bundle, event_id now",
        ),
        (
            lambda path: path.write_text(path.read_text().rsplit(",", 1)[0] + "\n"),
            "in the bundle",
        ),
        (lambda path: (path.parent / "extra.csv").write_text("a\n1\n"), "extra.csv: a file in"),
    ],
)
def test_what_is_hidden_by_new_hashes_is_found(bundle, change, first):
    change(bundle / layout.OUTPUT / "results" / "car.csv")
    listed_anew(bundle)
    found = verify(bundle)
    assert found.changed == ()
    assert found.differing
    assert not found.matches
    assert first in str(found.first)


def test_a_number_of_the_prose_that_was_changed_is_found(bundle):
    path = bundle / layout.OUTPUT / "numbers.json"
    path.write_text(path.read_text().replace('"value": 3', '"value": 4', 1))
    listed_anew(bundle)
    found = verify(bundle)
    assert (found.differing, found.first.expected, found.first.found) == (1, "4", "3")


def test_the_same_versions_promise_the_same_bytes(bundle, capsys):
    """A page that differs alone is a difference; with another version it may."""
    (bundle / layout.OUTPUT / "index.html").write_text("other")
    listed_anew(bundle)
    assert main(["verify", str(bundle)]) == 1
    assert "though nothing else differs: output/index.html" in capsys.readouterr().out
    facts = bundle / layout.FACTS
    facts.write_text(facts.read_text().replace('"numpy": "', '"numpy": "0'))
    listed_anew(bundle)
    found = verify(bundle)
    assert found.matches
    assert found.files == ("output/index.html",)


def test_what_a_run_and_a_file_manager_leave_is_no_change(bundle):
    (bundle / layout.RERUN).mkdir()
    (bundle / layout.RERUN / "link").symlink_to(bundle)
    (bundle / ".DS_Store").write_text("x")
    assert verify(bundle).matches


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"format": 2', '"format": 1', "this version reads 2: install the version"),
        ('"output": "output"', '"output": "../../x"', "is not in the bundle"),
        ('"study": "study/', '"study": "../study/', "is not in the bundle"),
        ('"software": "software', '"software": "/etc', "is not in the bundle"),
        ('"studies": [', '"studies": [3, ', "damaged"),
        ('"versions": {', '"versions": [], "x": {', "damaged"),
    ],
)
def test_what_a_bundle_says_of_itself_is_checked(bundle, old, new, message):
    path = bundle / layout.FACTS
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    with pytest.raises(DataError, match=message):
        verify(bundle)


def test_prices_that_are_not_those_of_the_bundle_are_a_change(bundle):
    facts = json.loads((bundle / layout.FACTS).read_text())
    facts["studies"][0]["prices"] = "0" * 64
    (bundle / layout.FACTS).write_text(json.dumps(facts))
    listed_anew(bundle)
    assert verify(bundle).changed[0].startswith("the prices of study/small.yaml: 000000000000 -> ")


def test_a_list_of_hashes_that_is_none_and_a_wheel_that_is_none(bundle):
    (bundle / layout.SUMS).write_bytes(b"\xff\xfe\x00")
    (bundle / layout.SOFTWARE / wheel_name()).write_bytes(b"PK")
    found = verify(bundle)
    assert not found.matches
    assert found.code[0].startswith(f"{wheel_name()} is damaged")


def test_a_folder_with_other_files_is_not_taken_for_the_output(bundle, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "a.txt").write_text("x")
    with pytest.raises(ReportError, match="is there already"):
        verify(bundle, out=tmp_path / "mine")
    verify(bundle, out=tmp_path / "new")
    verify(bundle, out=tmp_path / "new")
    assert (tmp_path / "new" / "differences.csv").is_file()


def test_a_copy_that_fails_has_one_reason(tmp_path):
    (tmp_path / "a").mkdir()
    for name in "xy":
        (tmp_path / "a" / name).symlink_to(tmp_path / "nothing")
    with pytest.raises(OSError, match=r"^[xy]: No such file or directory$"):
        copy_folder(tmp_path / "a", tmp_path / "b")


@pytest.mark.parametrize(
    ("old", "new", "differing"),
    [
        ("id,p\n007,1\n", "id,p\n7,1.0\n", 1),
        ("id,p\nA,1\n", "id,p\r\nA,1\r\n", 0),
        ("p,p\n1,2\n", "p,p\n1,3\n", 1),
        ("id,p\nA,1\n", "id,p\nA,1,9\n", 1),
        ("", "id\n", 1),
    ],
)
def test_cells_are_compared_by_the_names_of_their_columns(tmp_path, old, new, differing):
    paths = tmp_path / "old.csv", tmp_path / "new.csv"
    for path, text in zip(paths, (old, new), strict=True):
        path.write_bytes(text.encode())
    assert compare("x.csv", *paths).differing == differing


@pytest.mark.slow
def test_the_bundle_of_a_study_with_garch_has_every_hash(tmp_path):
    """arch is pinned as all others are, the script asks for hashes, and the bundle verifies."""
    (tmp_path / "garch.yaml").write_text(
        STUDY.replace(
            "[constant_mean]", "[{name: market_garch, benchmark: SPX, lag: previous_close}]"
        ),
        encoding="utf-8",
    )
    target = tmp_path / "garch"
    target.mkdir()
    write_bundle([tmp_path / "garch.yaml"], target, Given())
    pins = (target / layout.REQUIREMENTS).read_text(encoding="utf-8")
    facts = json.loads((target / layout.FACTS).read_text(encoding="utf-8"))
    for name, version in facts["versions"].items():
        assert (f"{name}=={version} \\\n    --hash=" in pins) != (name == OURS)
    assert "arch" in facts["versions"]
    assert facts["hashed"]
    assert "--require-hashes" in (target / layout.SCRIPT).read_text(encoding="utf-8")
    assert verify(target).matches


@pytest.mark.slow
def test_several_studies_are_one_bundle(tmp_path):
    for name in ("one", "two two"):
        text = STUDY.replace("A small study", f"Study {name}")
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    target = tmp_path / "both"
    target.mkdir()
    write_bundle([tmp_path / "one.yaml", tmp_path / "two two.yaml"], target, Given())
    with (target / layout.EXHIBITS).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["study"] for row in rows} == {"study/one/one.yaml", "study/two two/two two.yaml"}
    assert all((target / row["file"]).is_file() for row in rows)
    names = [
        each["name"] for each in json.loads((target / layout.PACKAGE).read_text())["resources"]
    ]
    assert len(names) == len(set(names))
    found = verify(target)
    assert found.matches
    assert {table.file.split("/")[1] for table in found.tables} == {"one", "two two"}
    with pytest.raises(OptionError, match="two studies are named one"):
        write_bundle([tmp_path / "one.yaml"] * 2, tmp_path / "x", Given())


@pytest.mark.slow
def test_the_wheel_runs_the_study_of_its_bundle_where_nothing_else_of_ours_is(folder, tmp_path):
    """Unpacked, with the packages of this environment and without its program: the same numbers."""
    place = tmp_path / "site"
    with zipfile.ZipFile(folder / layout.SOFTWARE / wheel_name()) as archive:
        archive.extractall(place)
    said = "import sys; sys.path.insert(0, sys.argv.pop(1)); from eventstudy.cli import main; sys.exit(main(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-I", "-c", said, str(place), "verify", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    last = done.stdout.rstrip().splitlines()[-1]
    assert last.startswith("MATCH: "), done.stdout[-2000:] + done.stderr
    assert "another program" not in done.stdout
    inside = hashlib.sha256((place / "eventstudy" / "errors.py").read_bytes()).hexdigest()
    assert inside == hashlib.sha256(code()["eventstudy/errors.py"]).hexdigest()
