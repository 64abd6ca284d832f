"""The wheel: small, whole, and of use in an empty environment without the repository."""

import os
import shutil
import subprocess
import sys
import tarfile
from email import message_from_bytes
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.metadata import Metadata

ROOT = Path(__file__).resolve().parents[2]
UV = ROOT / ".venv" / "bin" / "uv"
VERSIONS = {
    "3.11": sys.executable,
    "3.13": str(ROOT / ".venv-3.13" / "bin" / "python"),
}
"""Interpreters by version; the second where .ci/python-3.13 has made its environment."""


def ran(*command, cwd=None):
    """What a command prints, far from the sources."""
    kept = {"PATH", "HOME", "LANG", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "PIP_CONFIG_FILE"}
    environment = {
        name: value
        for name, value in os.environ.items()
        if name in kept or name.startswith(("UV_", "PIP_", "XDG_", "http", "HTTP", "no_proxy"))
    }
    done = subprocess.run(
        list(map(str, command)),
        capture_output=True,
        text=True,
        cwd=cwd,
        env=environment,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    """The tracked files alone, without the repository."""
    folder = tmp_path_factory.mktemp("sources")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file() and not name.startswith(("reports/", "tests/golden/")):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def built(sources, tmp_path_factory):
    """The source distribution, and the wheel that is made of it."""
    folder = tmp_path_factory.mktemp("dist")
    ran(UV, "build", "--quiet", "--out-dir", folder, sources)
    return next(folder.glob("*.tar.gz")), next(folder.glob("*.whl"))


def test_the_wheel_is_small_and_whole(built):
    """Under 2 MB; the code, its data and the examples, no tests and nothing else."""
    wheel = built[1]
    assert wheel.stat().st_size < 2_000_000
    with ZipFile(wheel) as archive:
        names = set(archive.namelist())
    package = {name.removeprefix("eventstudy/") for name in names if name.startswith("eventstudy/")}
    tracked = subprocess.run(
        ["git", "ls-files", "src/eventstudy", "events"], cwd=ROOT, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    assert package == {name.removeprefix("src/eventstudy/") for name in tracked.stdout.split()}
    rest = {name.partition("/")[0] for name in names} - {"eventstudy"}
    assert [name.endswith(".dist-info") for name in rest] == [True]
    with tarfile.open(built[0]) as archive:
        assert any(name.endswith("/events/stamp-duty.yaml") for name in archive.getnames())


def test_the_metadata_is_complete(built):
    """As a registry checks it, and with what a stranger looks for."""
    with ZipFile(built[1]) as archive:
        place = next(
            name.rpartition("/")[0] for name in archive.namelist() if name.endswith("/METADATA")
        )
        content = archive.read(f"{place}/METADATA")
        assert f"{place}/extra_metadata/requirements-extras.lock" in archive.namelist()
        assert (
            "eventstudy = eventstudy.cli:main" in archive.read(f"{place}/entry_points.txt").decode()
        )
        assert f"{place}/licenses/LICENSE" in archive.namelist()
    known = Metadata.from_email(content, validate=True)
    assert (known.name, known.license_expression) == ("policy-eventstudy", "BSD-3-Clause")
    assert str(known.requires_python) == ">=3.11"
    assert known.description_content_type == "text/markdown"
    assert known.summary
    assert known.keywords
    assert known.classifiers
    assert {"akshare", "dask", "duckdb", "garch", "replication"} <= set(known.provides_extra)
    assert message_from_bytes(content).get_payload().strip()


@pytest.mark.parametrize("python", ["3.11", pytest.param("3.13", marks=pytest.mark.slow)])
def test_the_wheel_works_in_an_empty_environment(built, python, tmp_path):
    """With the locked dependencies: a demonstration, a check, the names from Python, the doctor."""
    if not Path(VERSIONS[python]).exists():
        pytest.skip(f"no environment of Python {python}")
    environment = tmp_path / "environment"
    ran(UV, "venv", "--quiet", "--python", VERSIONS[python], environment)
    install = (UV, "pip", "install", "--quiet", "--python", environment / "bin" / "python")
    ran(*install, "--require-hashes", "-r", ROOT / "requirements.lock")
    ran(*install, "--no-deps", built[1])
    command = environment / "bin" / "eventstudy"
    (tmp_path / "empty").mkdir()
    ran(command, "demo", "mine", "--study", "episodes", cwd=tmp_path / "empty")
    assert (tmp_path / "empty" / "mine" / "reports" / "episodes" / "index.html").exists()
    assert ran(command, "check", "mine", cwd=tmp_path / "empty").count(" events)") == 10
    said = ran(command, "doctor", cwd=tmp_path / "empty")
    assert f"python      {python}." in said
    assert "garch" in said
    program = (
        "import eventstudy as es; result = es.run('mine/episodes.yaml');"
        "print(es.report(result).save('page.html'), result.to_frame('car').shape)"
    )
    assert "page.html" in ran(environment / "bin" / "python", "-c", program, cwd=tmp_path / "empty")
