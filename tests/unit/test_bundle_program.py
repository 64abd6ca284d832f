"""What a bundle carries beside numbers: the program as a wheel, pinned packages, several studies, honest comparison."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from eventstudy.bundle import Given, layout, verify, write_bundle
from eventstudy.bundle.archive import copy as copy_folder
from eventstudy.bundle.compare import compare
from eventstudy.bundle.contents import sums
from eventstudy.bundle.environment import OURS, lock, package, pinned, requirements
from eventstudy.bundle.software import code, other_code, wheel_name, write_wheel
from eventstudy.cli import main
from eventstudy.errors import DataError, OptionError, ReportError
from tests.unit.test_bundle import GIVEN, STUDY

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
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("program")
    (place / "small.yaml").write_text(STUDY, encoding="utf-8")
    target = place / "small-bundle"
    target.mkdir()
    write_bundle([place / "small.yaml"], target, GIVEN)
    return target


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


def test_the_wheel_is_the_program_that_runs_and_has_the_same_bytes_again(tmp_path):
    wheel, again = write_wheel(tmp_path / "a"), write_wheel(tmp_path / "b")
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


def test_a_program_that_differs_is_named(tmp_path):
    wheel = write_wheel(tmp_path)
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


def test_pins_keep_the_version_that_ran_and_what_other_systems_need():
    found = pinned({"a": "1.0", "b": "2.0", OURS: "1"}, LOCK)
    assert "b==2.0 \\\n    --hash=sha256:bb\n" in found
    assert "b==1.5" not in found
    assert "colorama==0.4 ; sys_platform == 'win32' \\" in found
    assert "--hash=sha256:ab" in found
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
