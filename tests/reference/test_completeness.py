"""Every registered model, statistic and procedure is pinned down by numbers from outside."""

from pathlib import Path

from eventstudy.registry import plugins

HERE = Path(__file__).parent


def covered(case):
    lines = case.read_text(encoding="utf-8").splitlines()
    listed = [line.removeprefix("covers:") for line in lines if line.startswith("covers:")]
    assert len(listed) == 1, f"{case} needs one line `covers: name, name`"
    return {name.strip() for name in listed[0].split(",")} - {""}


def test_every_plugin_has_a_reference_case():
    packages = ("models", "inference", "placebo")
    names = {name for package in packages for name in plugins(f"eventstudy.{package}")}
    cases = [folder / "README.md" for folder in HERE.iterdir() if folder.is_dir()]
    found = set().union(*(covered(case) for case in cases if case.parent.name != "__pycache__"))
    assert names - found == set(), "no reference case"
    assert found - names == set(), "a case covers what does not exist"
