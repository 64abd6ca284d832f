"""The cache on disk: what comes back, what is kept, and what it survives."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import stat
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from eventstudy.cli import main
from eventstudy.errors import DataError
from eventstudy.store import Download, Request, Store, default_folder
from tests.store_process import REQUEST, made_up

ROOT = Path(__file__).resolve().parents[2]
FINGERPRINT = "ab12" + "0" * 60
LIMIT = 60
"""Seconds after which another process is given up."""


def command(mode, folder, number=0):
    return [sys.executable, "-m", "tests.store_process", mode, str(number), str(folder)]


@pytest.fixture(scope="module")
def other():
    """Ask another process to do something to a cache, and return its answer."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command("", "")[:3], cwd=ROOT, **pipes) as process:

        def ask(mode, store, number=0):
            process.stdin.write(f"{mode} {number} {store.folder}\n")
            process.stdin.flush()
            return process.stdout.readline().strip()

        ask.process = process
        yield ask
        process.stdin.close()


def lines_of(arguments):
    """What another process prints, when it has ended well."""
    done = subprocess.run(
        arguments, cwd=ROOT, capture_output=True, text=True, timeout=LIMIT, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def mounted(mount, arguments):
    """What another process prints that alone sees a mount; skipped where nobody may mount."""
    script = f'{mount} && shift && exec "$@"'
    shell = ["unshare", "--mount", "sh", "-c"]
    try:
        trial = subprocess.run([*shell, mount, "sh", arguments[-1]], check=False, timeout=LIMIT)
    except FileNotFoundError:
        pytest.skip("there is no `unshare` to mount a small disk with")
    if trial.returncode:
        pytest.skip("mounting a small disk needs more rights than this user has")
    return lines_of([*shell, script, "sh", arguments[-1], *arguments])


def faults(store):
    return [check for check in store.verify() if check.fault]


def parquets(store):
    return sorted(store.folder.rglob("*.parquet"))


def log_of(store):
    (path,) = store.folder.rglob("log.jsonl")
    return path


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "cache", patience=0.1)


# -- what comes back ------------------------------------------------------------------------------


def test_a_download_comes_back_to_the_last_bit(store):
    """Dates, columns in their order, NaN, the sign of zero, notes, request and time."""
    given = made_up(0)
    store.add(given)
    found = store.latest(REQUEST)
    assert (found.request, found.at, found.notes) == (given.request, given.at, given.notes)
    assert list(found.columns) == ["close", "volume"]
    for name in ("close", "volume"):
        assert found.columns[name].tobytes() == given.columns[name].tobytes()
    assert found.dates.tobytes() == given.dates.tobytes()
    assert found.sha256 == given.sha256


def test_a_download_without_rows_comes_back(store):
    """An empty answer is an answer."""
    none = np.array([], dtype="datetime64[D]")
    given = Download(REQUEST, np.datetime64("2026-11-01T00:00:00"), none, {"close": np.array([])})
    store.add(given)
    assert store.latest(REQUEST).sha256 == given.sha256
    assert [(each.first, each.last, each.rows) for each in store.entries()] == [("", "", 0)]


def test_what_was_never_downloaded_is_absent(store):
    """Neither the cache nor the series need exist."""
    assert (store.latest(REQUEST), store.entries(), store.verify()) == (None, [], [])
    assert not store.folder.exists()
    store.add(made_up(0))
    assert store.latest(Request("yahoo", "^HSI", {"interval": "1wk"})) is None


def test_as_of_picks_by_day(store):
    """The newest of that day or before, in whatever order they were added."""
    for number, day in enumerate(("2026-11-03", "2026-11-01", "2026-11-02")):
        store.add(made_up(number, day=day))
    days = ("2026-10-31", "2026-11-01", "2026-11-02", "2026-12-01")
    found = [store.latest(REQUEST, as_of=np.datetime64(day)) for day in days]
    assert [each and str(each.at)[:10] for each in found] == [
        *(None, "2026-11-01", "2026-11-02", "2026-11-03"),
    ]
    assert str(store.latest(REQUEST).at)[:10] == "2026-11-03"


def test_of_one_second_the_last_added_is_the_newest(store):
    """Its place in the log decides."""
    store.add(made_up(0))
    again = made_up(0, rows=60)
    store.add(again)
    assert store.latest(REQUEST).sha256 == again.sha256


def test_nothing_that_was_added_is_ever_changed(store):
    """Later downloads leave the files as they are, and the log begins as it began."""
    store.add(made_up(0))
    before, log = {path: path.read_bytes() for path in parquets(store)}, log_of(store).read_bytes()
    store.add(made_up(1))
    assert {path: path.read_bytes() for path in before} == before
    assert log_of(store).read_bytes().startswith(log)
    assert len(parquets(store)) == 2


def test_equal_content_is_stored_once_and_each_time_is_noted(store):
    """Three downloads, one file."""
    given = made_up(0)
    for day in range(1, 4):
        at = np.datetime64(f"2026-11-0{day}T00:00:00")
        store.add(Download(REQUEST, at, given.dates, given.columns, given.notes))
    (path,) = parquets(store)
    entries = store.entries()
    assert [each.downloaded[:10] for each in entries] == ["2026-11-01", "2026-11-02", "2026-11-03"]
    assert {(each.sha256, each.bytes) for each in entries} == {(path.stem, path.stat().st_size)}
    assert (entries[0].source, entries[0].symbol, entries[0].options) == (
        *("yahoo", "^HSI"),
        {"interval": "1d"},
    )
    assert (entries[0].first, entries[0].last, entries[0].rows) == ("2000-01-01", "2000-02-19", 50)
    assert [check.fault for check in store.verify()] == [""]


def test_a_lost_log_leaves_files_that_are_counted(store):
    """Nothing is listed, so that nothing can be held against its hash."""
    store.add(made_up(0))
    assert store.unlisted() == []
    (path,) = parquets(store)
    (path.parent / "log.jsonl").unlink()
    assert (store.latest(REQUEST), store.verify(), store.unlisted()) == (None, [], [path])


def test_the_hash_is_that_of_the_content():
    """Every value, name and note counts, the sign of zero too; the time and the kind of NaN do not."""
    given = made_up(0)

    def other(**changes):
        return Download(**{**vars_of(given), **changes}).sha256

    def vars_of(download):
        names = ("request", "at", "dates", "columns", "notes")
        return {name: getattr(download, name) for name in names}

    close, volume = given.columns["close"], given.columns["volume"]
    assert other(at=given.at + np.timedelta64(1, "s")) == given.sha256
    negative = close.copy()
    negative[1] = -np.nan
    assert other(columns={"close": negative, "volume": volume}) == given.sha256
    unsigned = close.copy()
    unsigned[2] = 0.0
    changed = {
        other(columns={"close": unsigned, "volume": volume}),
        other(columns={"Close": close, "volume": volume}),
        other(notes={}),
        other(dates=given.dates + np.timedelta64(1, "D")),
        other(request=Request("yahoo", "^HSI")),
    }
    assert len(changed - {given.sha256}) == 5


@pytest.mark.parametrize("symbol", ["../../../etc", "/", "..", "恒生", "A" * 500, "a\0b", ""])
def test_no_symbol_leads_out_of_the_cache(store, symbol):
    """The folder of a series is made of letters, digits and a hash."""
    request = Request("yahoo", symbol)
    store.add(made_up(0, request=request))
    assert store.latest(request).request == request
    (path,) = parquets(store)
    assert path.resolve().parents[1] == store.folder.resolve() / "v1" / "downloads" / "yahoo"


def test_symbols_that_differ_in_case_have_two_folders():
    """On disks that do not tell upper from lower case too."""
    assert Request("yahoo", "abc").key.lower() != Request("yahoo", "ABC").key.lower()


def test_what_makes_no_sense_is_refused():
    """A source that is no name, a column too short, a time that is none."""
    dates, column = np.array(["2026-01-01"], dtype="M8[D]"), {"close": np.array([1.0])}
    at = np.datetime64("2026-01-01T00:00:00")
    with pytest.raises(ValueError, match="source"):
        Request("../yahoo", "X")
    for wrong in (
        (np.datetime64("NaT", "s"), dates, column),
        (at.astype("M8[D]"), dates, column),
        (at, np.array(["NaT"], dtype="M8[D]"), column),
        (at, dates.astype("M8[s]"), column),
        (at, dates, {"close": np.array([1.0, 2.0])}),
        (at, dates, {"close": np.array([1])}),
    ):
        with pytest.raises(ValueError, match="Download"):
            Download(REQUEST, *wrong)


def test_the_cache_lies_where_the_system_keeps_them(monkeypatch, tmp_path):
    """Unless another folder is named."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_folder().name == "eventstudy"
    if sys.platform == "linux":
        assert default_folder().parent == tmp_path


def test_five_cached_series_take_a_hundredth_of_a_second(store):
    """5,000 rows each, seven columns: under 20 ms of CPU together."""
    numbers = np.random.default_rng(0)
    requests = [Request("yahoo", f"S{number}") for number in range(5)]
    dates = np.datetime64("2000-01-01") + np.arange(5000)
    for request in requests:
        columns = {name: numbers.uniform(1, 2, 5000) for name in "abcdefg"}
        store.add(Download(request, np.datetime64("2026-11-01T00:00:00"), dates, columns))
    spent = []
    for _ in range(5):
        before = time.process_time()
        assert all(store.latest(request) for request in requests)
        spent.append(time.process_time() - before)
    assert min(spent) < 0.020


# -- sets of prices -------------------------------------------------------------------------------


def test_a_set_of_prices_is_kept_under_its_fingerprint(store):
    """Found by how the fingerprint begins; written once."""
    for content in (b"prices", b"not written"):
        path = store.remember(FINGERPRINT, lambda file, content=content: file.write_bytes(content))
    assert store.recall("ab1") == store.recall(FINGERPRINT) == path
    assert path.read_bytes() == b"prices"
    assert [check.place for check in store.verify()] == [f"v1/prices/{FINGERPRINT}.parquet"]


def test_a_fingerprint_that_is_not_there_or_not_one_alone(store):
    """The message says what to do."""
    for end in "12":
        store.remember(FINGERPRINT[:-1] + end, lambda file: file.write_bytes(b""))
    with pytest.raises(DataError, match=r"2 sets of prices begin with ab12: .*give more digits"):
        store.recall("ab12")
    for wrong in ("cd", "", "../x", "AB"):
        with pytest.raises(DataError, match="has no whole set of prices"):
            store.recall(wrong)
    with pytest.raises(ValueError, match="no fingerprint"):
        store.remember("ab12", lambda _: None)


def test_an_edited_set_of_prices_is_set_aside(store):
    """And may be written again."""
    path = store.remember(FINGERPRINT, lambda file: file.write_bytes(b"prices"))
    path.write_bytes(b"prizes")
    assert len(faults(store)) == 1
    with pytest.raises(DataError, match="no whole set"):
        store.recall("ab")
    assert path.with_name(f"{path.name}.damaged").read_bytes() == b"prizes"
    store.remember(FINGERPRINT, lambda file: file.write_bytes(b"prices"))
    assert store.recall("ab").read_bytes() == b"prices"
    assert faults(store) == []


def test_prices_that_cannot_be_written_leave_nothing(store):
    """Whatever the fault of the writer."""

    def broken(file):
        file.write_bytes(b"half")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        store.remember(FINGERPRINT, broken)
    assert [path.name for path in store.folder.rglob("*") if path.is_file()] == ["lock"]


# -- damage ---------------------------------------------------------------------------------------


def torn(content):
    return content[: len(content) // 2]


def emptied(_):
    return b""


def edited_at(share):
    def edit(content):
        place = int(share * (len(content) - 1))
        return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]

    return edit


@pytest.mark.parametrize(
    "damage", [torn, emptied, *map(edited_at, (0, 0.3, 0.9, 1))], ids=lambda each: each.__name__
)
def test_a_damaged_file_is_found_set_aside_and_fetched_again(store, damage):
    """The older download is used; the same content added again is whole."""
    store.add(made_up(0))
    (older,) = parquets(store)
    store.add(made_up(1))
    (newer,) = set(parquets(store)) - {older}
    newer.write_bytes(damage(newer.read_bytes()))
    (fault,) = faults(store)
    assert fault.place == str(newer.relative_to(store.folder))
    assert "torn or was edited" in fault.fault
    assert store.latest(REQUEST).sha256 == older.stem
    assert newer.with_name(f"{newer.name}.damaged").exists()
    assert ["is not there" in fault.fault for fault in faults(store)] == [True]
    store.add(made_up(1))
    assert store.latest(REQUEST).sha256 == newer.stem
    assert faults(store) == []


def test_a_damaged_file_is_replaced_without_being_read_first(store):
    """Adding finds it too."""
    store.add(made_up(0))
    (path,) = parquets(store)
    path.write_bytes(b"")
    store.add(made_up(0))
    assert faults(store) == []


def test_a_folder_in_the_place_of_a_file_is_set_aside(store):
    store.add(made_up(0))
    (path,) = parquets(store)
    path.unlink()
    path.mkdir()
    (fault,) = faults(store)
    assert "torn or was edited" in fault.fault
    assert store.latest(REQUEST) is None
    store.add(made_up(0))
    assert store.latest(REQUEST).sha256 == path.stem


def test_a_file_in_the_place_of_a_folder_is_named(store):
    store.folder.mkdir()
    (store.folder / "v1").write_bytes(b"")
    for look in (store.entries, store.verify):
        with pytest.raises(DataError, match=r"Not a directory: .*v1\)"):
            look()


@pytest.mark.parametrize(
    ("old", "new"), [(b'"rows":50', b'"rows":51'), (b"{", b"["), (b":", b"\xff")]
)
def test_an_edited_line_counts_as_absent_and_is_set_aside(store, old, new):
    """The others count; the next download takes it out of the log."""
    store.add(made_up(0))
    store.add(made_up(1))
    log = log_of(store)
    first, second = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(first + second.replace(old, new, 1))
    assert store.latest(REQUEST).sha256 == made_up(0).sha256
    assert [fault.place for fault in faults(store)] == [f"{log.relative_to(store.folder)}, line 2"]
    store.add(made_up(1))
    assert store.latest(REQUEST).sha256 == made_up(1).sha256
    assert log.with_name("log.jsonl.damaged").read_bytes() == second.replace(old, new, 1)
    assert faults(store) == []


@pytest.mark.parametrize("cut", [1, 2, 40, 200])
def test_a_torn_last_line_is_ignored_and_mended(store, cut):
    """A line of which only the end of line is missing is whole."""
    store.add(made_up(0))
    store.add(made_up(1))
    log = log_of(store)
    os.truncate(log, log.stat().st_size - cut)
    kept = 1 + (cut == 1)
    assert len(store.entries()) == kept
    assert len(faults(store)) == 2 - kept
    store.add(made_up(2))
    assert [each.sha256 for each in store.entries()][-1] == made_up(2).sha256
    assert len(store.entries()) == kept + 1
    assert faults(store) == []


# -- links, rights --------------------------------------------------------------------------------


def test_a_linked_file_is_not_followed(store, tmp_path):
    """It is set aside, and what it led to stays as it is."""
    store.add(made_up(0))
    (path,) = parquets(store)
    outside = path.rename(tmp_path / "outside.parquet")
    content = outside.read_bytes()
    path.symlink_to(outside)
    assert ["is a link" in fault.fault for fault in faults(store)] == [True]
    assert store.latest(REQUEST) is None
    assert path.with_name(f"{path.name}.damaged").is_symlink()
    path.symlink_to(outside)
    store.add(made_up(0))
    assert not path.is_symlink()
    assert outside.read_bytes() == content


@pytest.mark.parametrize("depth", range(5), ids=["log", "series", "source", "downloads", "v1"])
def test_no_link_leads_out_of_the_cache(store, tmp_path, depth):
    """Nothing is read through it and nothing written."""
    store.add(made_up(0))
    log = log_of(store)
    inside = [log, *log.parents][depth]
    outside = inside.rename(tmp_path / "outside")
    inside.symlink_to(outside)
    before = sorted(tmp_path.rglob("*"))
    for use in (lambda: store.latest(REQUEST), lambda: store.add(made_up(1))):
        with pytest.raises(DataError, match=r"is a link.*remove the link"):
            use()
    if depth == 0:
        assert ["is a link" in fault.fault for fault in faults(store)] == [True]
    assert sorted(tmp_path.rglob("*")) == before


def test_a_linked_lock_is_not_followed(store, tmp_path):
    """The file it leads to keeps its content."""
    store.add(made_up(0))
    precious = tmp_path / "precious"
    precious.write_text("text")
    lock = store.folder / "v1" / "lock"
    lock.unlink()
    lock.symlink_to(precious)
    with pytest.raises(DataError, match="cannot be used"):
        store.add(made_up(1))
    assert precious.read_text() == "text"


@pytest.mark.parametrize("mask", [0, 0o022, 0o777])
def test_only_the_owner_may_look(tmp_path, mask):
    """Whatever the umask: folders 0700, files 0600."""
    store = Store(tmp_path / "a" / "cache")
    before = os.umask(mask)
    try:
        store.add(made_up(0))
        store.remember(FINGERPRINT, lambda file: file.write_bytes(b"prices"))
        parquets(store)[0].write_bytes(b"")
        store.add(made_up(0))
    finally:
        os.umask(before)
    modes = {
        path: stat.S_IMODE(path.stat().st_mode)
        for path in [store.folder.parent, *store.folder.parent.rglob("*")]
    }
    assert len(modes) == 13
    assert {
        path for path, mode in modes.items() if mode != (0o700 if path.is_dir() else 0o600)
    } == set()


def test_a_folder_of_the_user_keeps_its_rights(tmp_path):
    """Only what the cache makes is closed."""
    tmp_path.chmod(0o755)
    Store(tmp_path).add(made_up(0))
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755
    assert stat.S_IMODE((tmp_path / "v1").stat().st_mode) == 0o700


def test_a_cache_that_is_a_file_is_named(tmp_path):
    """With what to do."""
    (tmp_path / "cache").write_text("text")
    with pytest.raises(DataError, match=r"cache .*cache cannot be used .*`--cache DIR`"):
        Store(tmp_path / "cache").add(made_up(0))


def test_a_cache_that_cannot_be_written_can_be_read(store):
    """A damaged file counts as absent there too; the message of a refused write names the cache."""
    store.add(made_up(0))
    request = Request("yahoo", "TORN")
    store.add(made_up(1, request=request))
    broken = next(path for path in parquets(store) if path.parent.name == request.key)
    broken.write_bytes(b"")
    arguments = command("look", store.folder)
    if os.geteuid():
        for path in (store.folder, *store.folder.rglob("*")):
            path.chmod(0o500 if path.is_dir() else 0o400)
        at, absent, message = lines_of(arguments)
    else:
        closed = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1"'
        at, absent, message = mounted(closed, arguments)
    assert (at, absent) == ("2026-11-01T10:00:00", "None")
    assert f"the cache {store.folder} cannot be used (" in message
    assert "`--cache DIR`" in message


# -- the guide ------------------------------------------------------------------------------------


def test_the_guide_does_what_it_says(tmp_path, monkeypatch, capsys):
    """Every command of docs/how-to/cache.md; every file has its place there."""
    guide = (ROOT / "docs" / "how-to" / "cache.md").read_text("utf-8")
    study = "format: 1\ntitle: T\nassets: [CSI300]\nevents:\n"
    (tmp_path / "study.yaml").write_text(f"{study}  - {{id: A, title: T, announced: 2024-09-24}}\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("EVENTSTUDY_CACHE", raising=False)
    store = Store(default_folder())
    store.add(made_up(0))
    store.remember(FINGERPRINT, lambda file: file.write_bytes(b"prices"))
    shutil.copytree(store.folder, "moved")
    commands = re.findall(r"^eventstudy (.+)$", guide, re.M)
    for command in commands:
        assert main(shlex.split(command)) == 0
    assert len(commands) == 4
    (source,) = re.findall(r"^```yaml\n(.+?)^```", guide, re.M | re.S)
    assert source.strip() in capsys.readouterr().out
    assert (tmp_path / "study.prices.parquet").exists()
    names = {
        str(path.relative_to(store.folder)) for path in store.folder.rglob("*") if path.is_file()
    }
    for name, key in (("SHA256", made_up(0).sha256), ("SYMBOL-HASH", REQUEST.key)):
        names = {each.replace(key, name) for each in names}
    names = {
        each.replace("/yahoo/", "/SOURCE/").replace(FINGERPRINT, "FINGERPRINT") for each in names
    }
    assert names == set(re.findall(r"^(v1/\S+)", guide, re.M))


# -- other processes ------------------------------------------------------------------------------


def test_two_processes_at_once_lose_nothing(store, other):
    """Forty downloads, ten of them twice, to one series."""
    assert other("both", store) == "[0, 0]"
    assert len(store.entries()) == 40
    assert len(parquets(store)) == 30
    assert faults(store) == []


def check_after_a_kill(store, number):
    """Everything listed is whole, and one more download mends what the killed process left."""
    listed = store.entries()
    assert [fault for fault in faults(store) if ", line" not in fault.place] == []
    assert not listed or store.latest(REQUEST) is not None
    store.add(made_up(number, day="2026-11-02"))
    assert faults(store) == []
    assert len(store.entries()) == len(listed) + 1
    assert list(store.folder.rglob("*.new")) == []


def test_a_process_killed_at_any_moment_leaves_the_cache_whole(store, other):
    """Twenty times, somewhere after its first download."""
    for number in range(20):
        assert other("kill", store, number + 1) == "killed"
        check_after_a_kill(store, number)
    assert len(store.entries()) >= 40


@pytest.mark.parametrize("mending", [False, True])
def test_a_process_killed_at_every_call_of_the_system_leaves_the_cache_whole(store, other, mending):
    """One after the other, also while it mends a log; a write is left half done."""
    torn = 0
    for number in range(100):
        if mending and number:
            with log_of(store).open("ab") as log:
                log.write(b"{")
        if other("die", store, number) == "0":
            break
        torn += len(faults(store))
        check_after_a_kill(store, number)
    assert number > (20 if mending else 10)
    assert torn > 0


def test_a_lock_that_another_process_holds_is_named(store, other):
    """With its number, after the time limit; reading needs no lock."""
    store.add(made_up(0))
    assert other("hold", store) == "held"
    holder = other.process.pid
    with pytest.raises(DataError, match=rf"another process, number {holder}, for 0.1 seconds"):
        store.add(made_up(1))
    assert store.latest(REQUEST).sha256 == made_up(0).sha256
    assert other("", store) == "released"
    store.add(made_up(1))
    assert len(store.entries()) == 2


def check_filled(folder, message, refused, left):
    """The last download was refused with a message; those before it are whole, and nothing else is there."""
    assert f"the cache {folder} cannot be used (" in message
    assert "make room" in message
    number, temporary = refused.split(maxsplit=1)
    assert int(number) > 0
    assert temporary == "[]"
    assert left == f"{number} {number} []"


def test_a_file_that_cannot_grow_leaves_nothing_half_written(store, other):
    """As under a quota."""
    answer = other("limit", store, 20_000)
    lines = [answer, *(other.process.stdout.readline().strip() for _ in range(2))]
    check_filled(store.folder, *lines)


def test_a_full_disk_leaves_nothing_half_written(tmp_path):
    """A disk of 200 kilobytes."""
    small = 'mount -t tmpfs -o size=200k none "$1"'
    check_filled(tmp_path, *mounted(small, command("fill", tmp_path, 20_000)))
