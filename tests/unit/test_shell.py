"""What a shell and a reporter of faults get: completion, the manual, doctor, demo, templates."""

import json
import re
import shutil
import subprocess
from functools import cache
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
import yaml

from eventstudy import examples, installation, program
from eventstudy.cli import main
from eventstudy.errors import DataError, ReportError, UnknownNameError
from eventstudy.examples import write_examples
from eventstudy.registry import plugins
from eventstudy.spec import load

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / ".github" / "ISSUE_TEMPLATE"


@pytest.fixture(scope="module")
def printed():
    """What a command prints, asked once."""

    @cache
    def _printed(*arguments):
        from contextlib import redirect_stdout
        from io import StringIO

        with redirect_stdout(StringIO()) as out:
            assert main(arguments) == 0
        return out.getvalue()

    return _printed


@pytest.fixture(scope="module")
def completed(printed, tmp_path_factory):
    """The words that bash offers behind some text, as its own completion asks for them."""
    script = tmp_path_factory.mktemp("bash") / "eventstudy"
    script.write_text(printed("completion", "bash"), "utf-8")

    def _completed(line):
        program = (
            f'source "{script}"; COMP_WORDS=({line}); [[ "{line}" == *" " ]] && COMP_WORDS+=("");'
            'COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _eventstudy; printf "%s\\n" "${COMPREPLY[@]}"'
        )
        done = subprocess.run(
            ["bash", "-u", "-c", program], capture_output=True, text=True, check=True
        )
        assert done.stderr == ""
        return done.stdout.split()

    return _completed


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("eventstudy ch", ["check"]),
        ("eventstudy --ver", ["--version"]),
        ("eventstudy data fr", ["freeze"]),
        ("eventstudy verify --c", []),
        ("eventstudy data verify --c", ["--cache"]),
        ("eventstudy list mo", ["models"]),
        ("eventstudy schema ", ["study", "simulation"]),
        ("eventstudy completion z", ["zsh"]),
        ("eventstudy run --out reports --off", ["--offline"]),
        ("eventstudy --debug run --stat", ["--static"]),
        ("eventstudy run --source sn", ["snapshot"]),
        ("eventstudy run --source = sn", ["snapshot"]),
        ("eventstudy panel --alternative g", ["greater"]),
        ("eventstudy panel --language =", ["en", "zh-Hans"]),
        ("eventstudy bundle --no-", ["--no-prices"]),
        ("eventstudy run ev", []),
    ],
)
def test_bash_completes(completed, line, words):
    """Commands, options and values; where there is no list, nothing, so that bash offers files."""
    assert completed(line) == words


def test_bash_completes_every_plugin(completed):
    """Names of models are those of the registry."""
    assert completed("eventstudy panel --model ") == [*plugins("eventstudy.models")]


def test_the_scripts_name_every_command(printed):
    """Those for the other shells too; the one for zsh runs that for bash."""
    names = re.findall(r"^  ([a-z]+) {2,}\S", printed("--help").partition("Commands:")[2], re.M)
    assert {"run", "panel", "doctor", "demo", "completion", "man"} <= set(names)
    fish, zsh = printed("completion", "fish"), printed("completion", "zsh")
    for name in names:
        assert f"'__fish_use_subcommand' -f -a {name} -d " in fish
        assert f'"{name}") options=' in zsh
    assert zsh.startswith("#compdef eventstudy\n")
    assert printed("completion", "bash") in zsh


@pytest.mark.parametrize("shell", ["fish", "zsh"])
def test_other_shells_can_read_their_script(printed, shell, tmp_path):
    """Where they are installed."""
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    script = tmp_path / "script"
    script.write_text(printed("completion", shell), "utf-8")
    done = subprocess.run([shell, "-n", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_shell_that_is_not_known(call):
    """With those that are."""
    code, _, err = call("completion", "bsh")
    assert (code, "did you mean 'bash'?" in err) == (2, True)


def test_the_manual_says_every_command_and_option(printed):
    """From the same parser as the help."""
    page = printed("man").replace(r"\-", "-")
    for name in ("run", "data fetch", "doctor"):
        assert re.search(rf'^\.SS "{name}[ "]', page, re.M)
        helped = printed(*name.split(), "--help")
        options = set(re.findall(r"^  (--[a-z-]+)", helped, re.M)) - {"--help"}
        section = page.partition(f'.SS "{name}')[2].partition("\n.S")[0]
        assert options <= set(re.findall(r"--[a-z-]+", section))
    assert "EXIT STATUS" in page
    for variable in set(re.findall(r"env var: (\w+)", page)):
        assert rf"\fB{variable}\fR" in page


def test_the_manual_is_one_for_groff(printed, tmp_path):
    """No warning of any kind, no line that is too long."""
    if not shutil.which("groff"):
        pytest.skip("groff is not installed")
    page = tmp_path / "eventstudy.1"
    page.write_text(printed("man"), "utf-8")
    command = ["groff", "-man", "-ww", "-Kutf8", "-Tutf8", page]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert "EVENTSTUDY(1)" in done.stdout


@pytest.fixture(scope="module")
def examined(tmp_path_factory):
    """What `eventstudy doctor` finds with a cache of one file."""
    cache = tmp_path_factory.mktemp("cache")
    (cache / "one").write_bytes(bytes(2_000_000))
    return installation.examined(cache)


def test_doctor_says_what_a_report_needs(examined):
    """Versions, reach of data and calendars, cache, programs; nothing of the user."""
    assert re.fullmatch(r"\d+\.\d+\.\d+\S*, code [0-9a-f]{12}", examined["Program"]["eventstudy"])
    assert re.match(r"3\.\d+\.\d+ ", examined["Program"]["python"])
    assert re.match(r"\d", examined["Packages"]["pandas"])
    assert examined["Data"]["embedded CSI300"].endswith(" to 2025-12-31")
    assert re.fullmatch(r"until 20\d\d-12-31", examined["Data"]["calendar XSHG"])
    assert (examined["Cache"]["files"], examined["Cache"]["size"]) == ("1", "2.0 MB")
    assert set(examined["Pages"]) == {"chromium", "fonts", "Chinese fonts", "vl-convert"}
    assert examined["Network"] == {"tried": "no; --network tries it"}
    shown = json.dumps({key: facts for key, facts in examined.items() if key != "Cache"})
    assert str(Path.home()) not in shown


def test_doctor_prints_text_or_json(call, monkeypatch, examined):
    """The same facts."""
    monkeypatch.setattr(installation, "examined", lambda *_, **__: examined)
    code, out, _ = call("doctor", "--json")
    assert (code, json.loads(out)) == (0, examined)
    code, out, _ = call("doctor")
    assert code == 0
    for title, facts in examined.items():
        section = out.partition(f"{title}:\n")[2]
        for name, said in facts.items():
            assert re.search(rf"^  {re.escape(name)} +{re.escape(said)}$", section, re.M)


class _Host(BaseHTTPRequestHandler):
    """Refuses politely, as a source of prices does."""

    def do_HEAD(self):
        self.send_response(404 if self.path == "/gone" else 200)
        self.end_headers()

    def log_message(self, *_):
        """Nothing."""


def test_doctor_tries_the_network_only_where_asked(monkeypatch):
    """Any answer counts; a host that does not answer is said, and stops nothing."""
    server = HTTPServer(("127.0.0.1", 0), _Host)
    Thread(target=server.serve_forever, daemon=True).start()
    here = f"http://127.0.0.1:{server.server_port}"
    closed = "http://127.0.0.1:9"
    monkeypatch.setattr(installation, "HOSTS", {"a": here, "b": f"{here}/gone", "c": closed})
    for name in ("_program", "_packages", "_extras", "_data", "_pages"):
        monkeypatch.setattr(installation, name, dict)
    found = installation.examined(Path("nowhere"), network=True)["Network"]
    server.shutdown()
    server.server_close()
    assert re.fullmatch(r"answers 200 after \d+ ms", found["a"])
    assert found["b"].startswith("answers 404 after")
    assert found["c"].startswith("no answer: ")


def test_programs_that_are_missing_are_said(monkeypatch):
    """Neither Chromium nor a list of fonts."""
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("EVENTSTUDY_CHROMIUM", raising=False)
    found = installation._pages()
    assert found["chromium"] == "none, which only --pdf needs"
    assert found["Chinese fonts"] == "unknown: fc-list is not installed"
    assert installation._version("no-such-package") == "not installed"


@pytest.mark.slow
def test_demo_writes_the_examples_and_runs_them(call, tmp_path):
    """One of them here; all are there to be read, and load."""
    folder = tmp_path / "demo"
    code, out, _ = call("demo", folder, "--study", "episodes")
    assert code == 0
    assert str(folder / "reports") in out
    assert (folder / "reports" / "episodes" / "index.html").exists()
    written = sorted(path.name for path in folder.iterdir() if path.is_file())
    assert written == sorted(path.name for path in (ROOT / "events").iterdir())
    for path in folder.glob("*.yaml"):
        assert load(path).study.events


def test_an_example_does_not_replace_a_study_of_the_user(tmp_path):
    """But the same file may be written again."""
    assert len(write_examples(tmp_path)) == len(list((ROOT / "events").glob("*.yaml")))
    assert [path.name for path in write_examples(tmp_path, ["episodes"])] == ["episodes.yaml"]
    (tmp_path / "episodes.yaml").write_text("mine", "utf-8")
    with pytest.raises(ReportError, match="differs from the example"):
        write_examples(tmp_path)
    assert (tmp_path / "episodes.yaml").read_text("utf-8") == "mine"
    with pytest.raises(ReportError, match="cannot be written"):
        write_examples(tmp_path / "episodes.yaml" / "x")


def test_examples_that_are_not_there(tmp_path, monkeypatch):
    """By a name that none has, or in an installation without any."""
    with pytest.raises(UnknownNameError, match="did you mean 'stamp-duty'"):
        write_examples(tmp_path, ["stampduty"])
    assert not list(tmp_path.iterdir())
    monkeypatch.setattr(examples, "PLACES", (tmp_path / "none",))
    with pytest.raises(DataError, match="no example studies"):
        write_examples(tmp_path)


def test_examples_are_no_part_of_the_program(tmp_path, monkeypatch):
    """A wheel that has them inside runs the same code as the source tree, to bundles and to caches."""
    for name in ("cli/run.py", "cli/__pycache__/run.pyc", "events/a.yaml", "spec/events/b.yaml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    monkeypatch.setattr(program, "__file__", str(tmp_path / "program.py"))
    found = [path.relative_to(tmp_path).as_posix() for path in program.files()]
    assert found == ["cli/run.py", "spec/events/b.yaml"]


def test_issue_templates_can_be_read_and_name_real_commands(printed):
    """Each has what forms need; a wrong number asks for study file, fingerprint and `eventstudy doctor`."""
    names = set(re.findall(r"^  ([a-z]+) {2,}\S", printed("--help"), re.M))
    forms = {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in TEMPLATES.glob("*.yml")}
    assert {"wrong-number", "bug", "feature", "config"} == set(forms)
    del forms["config"]
    for name, form in forms.items():
        assert {"name", "description", "body"} <= set(form)
        ids = [block["id"] for block in form["body"] if block["type"] != "markdown"]
        assert len(ids) == len(set(ids))
        for block in form["body"]:
            assert block["type"] in {"markdown", "textarea", "input", "dropdown", "checkboxes"}
            assert block["attributes"].get("label") or block["type"] == "markdown"
        text = (TEMPLATES / f"{name}.yml").read_text("utf-8")
        assert set(re.findall(r"`eventstudy ([a-z]+)", text)) <= names
    asked = (TEMPLATES / "wrong-number.yml").read_text("utf-8")
    assert all(word in asked for word in ("study file", "ingerprint", "`eventstudy doctor`"))
    required = {
        block["id"]
        for block in forms["wrong-number"]["body"]
        if block.get("validations", {}).get("required")
    }
    assert {"study", "fingerprint", "doctor", "expected"} <= required


def test_the_citation_is_that_of_the_package():
    """Title, version and licence as pyproject.toml has them."""
    from importlib.metadata import metadata

    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    known = metadata("policy-eventstudy")
    assert cited["cff-version"] == "1.2.0"
    assert (str(cited["version"]), cited["license"]) == (known["Version"], "BSD-3-Clause")
    assert cited["type"] == "software"
    assert cited["authors"]
    assert "policy-eventstudy" in json.dumps(cited)
