"""Yahoo's faults at the command line: another process, the real client, a server of our own.

One command meets many faults at once: every study has a symbol, and every symbol a fault.
"""

import os
import re
import subprocess
import sys

import pytest

from tests.live_studies import index, kept, write_study
from tests.loopback import Loopback
from tests.unit.test_yahoo import FATAL, HASTY, PASSING

LASTING = [fault for fault in FATAL if fault != "expired"]
"""Faults of one symbol; a certificate is everybody's."""

SURVIVED = {**PASSING, "nulls": ["nulls"], "twice": ["twice"]}
"""Faults after which the prices are there."""

MEMORY = 700
"""Most megabytes of a process that is sent 200 of nonsense; without them it takes about 350."""


def name(fault):
    return f"F-{fault.replace(' ', '-')}".upper()


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    book = [index(name(fault)) for fault in {*FATAL, *SURVIVED}]
    server = Loopback(tmp_path_factory.mktemp("loopback"), book)
    yield server
    server.close()


@pytest.fixture
def folder(tmp_path):
    """A folder of studies, one per fault that lasts."""
    for fault in LASTING:
        write_study(tmp_path, asset=name(fault), timeout=HASTY if fault == "slow" else 5)
    return tmp_path


COMMAND = """
import shutil, sys
from eventstudy.cli import main
code = main(sys.argv[1:])
shutil.copyfile("/proc/self/status", "status")
sys.exit(code)
"""
"""The command, and what its process says of itself: rusage would count the memory of the parent too."""


@pytest.fixture
def call(server, folder):
    """Run a command in another process; return its exit code, what it says, and its megabytes."""
    server.heal()

    def _call(*arguments):
        environment = {
            **os.environ,
            **server.environment,
            "EVENTSTUDY_CACHE": str(folder / "cache"),
        }
        command = [sys.executable, "-W", "error", "-c", COMMAND, *map(str, arguments)]
        done = subprocess.run(
            command,
            env=environment,
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        peak = re.search(r"VmHWM:\s+(\d+) kB", (folder / "status").read_text(encoding="utf-8"))
        return done.returncode, done.stdout, int(peak[1]) / 1024

    yield _call
    assert not any("elsewhere" in key for key in server.asked)


def studies(folder, faults):
    return [folder / f"{name(fault).lower()}.yaml" for fault in faults]


@pytest.mark.timeout(60)
def test_lasting_faults_are_named_passing_ones_survived_and_the_next_run_recovers(
    call, folder, server
):
    for fault in LASTING:
        server.order(name(fault), always=fault)
    code, said, megabytes = call("run", *studies(folder, LASTING), "--out", "out")
    assert code == 3, said
    lines = {line.partition(": ")[0]: line for line in said.splitlines() if ": Yahoo " in line}
    assert len(lines) == len(LASTING)
    for fault, path in zip(LASTING, studies(folder, LASTING), strict=True):
        assert f": {name(fault)} (yahoo {name(fault)}): Yahoo " in lines[str(path)]
        assert re.search(FATAL[fault][0], lines[str(path)])
    assert kept(folder / "cache") == {}
    assert "Traceback" not in said
    assert megabytes < MEMORY
    server.heal()
    for fault, queue in SURVIVED.items():
        write_study(folder, asset=name(fault), timeout=3)
        server.order(name(fault), *queue)
    everything = dict.fromkeys((*LASTING, *SURVIVED))
    code, said, _ = call("data", "fetch", *studies(folder, everything))
    assert code == 0, said
    assert said.count("2023-12-29") == len(everything)
    assert said.count("2 sessions without a price, kept as missing") == 1


@pytest.mark.timeout(60)
def test_an_expired_certificate_stops_the_run_and_old_prices_are_said_to_be_old(
    call, folder, server
):
    """The same switch on a study of the embedded data; then with a download in the cache."""
    study = folder / "csi300.yaml"
    write_study(folder)
    server.book["000300.SS"] = index()
    server.order("000300.SS", always="expired")
    code, said, _ = call("run", study, "--out", "out")
    assert (code, "certificate that is not valid (certificate has expired)" in said) == (3, True)
    assert kept(folder / "cache") == {}
    server.heal()
    assert call("data", "fetch", study)[0] == 0
    before = kept(folder / "cache")
    server.order("000300.SS", always="expired")
    code, said, _ = call("run", study, "--refresh", "--out", "out")
    assert code == 0, said
    assert ": CSI300: no new prices on " in said
    assert "of the same day (Yahoo shows a certificate" in said
    assert kept(folder / "cache") == before
    code, said, _ = call("data", "fetch", study)
    assert code == 3, said
    assert "1 series could not be downloaded anew, and what the cache has stays in use" in said
