"""The methods section and its works: true to the study, complete, and what LaTeX takes."""

import ast
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

import eventstudy
from eventstudy.document import Document, Filled, study_document
from eventstudy.export import write_exports
from eventstudy.export.methods import methods
from eventstudy.export.panel_methods import panel_methods
from eventstudy.export.paper import keys_of
from eventstudy.export.terms import NAMES
from eventstudy.export.works import bibliography, keys_in, library, works_of
from eventstudy.panel import Design, Inputs, run_panel
from eventstudy.registry import plugins
from eventstudy.spec import Choice, Window
from eventstudy.spec.design import Exclusion
from eventstudy.spec.plugins import PACKAGES
from tests.latex_faults import faults
from tests.panel40_tables import tables, write_tables
from tests.studies import result_of

KINDS = ("model", "statistic", "procedure")
OPTIONS = {"market_garch": {"benchmark": "SPX"}, "factors": {"regressors": ["SPX"]}}
OPTIONS |= {name: {"benchmark": "SPX"} for name in ("dimson", "market", "market_adjusted")}
OPTIONS |= {name: {"benchmark": "SPX"} for name in ("market_robust", "scholes_williams")}
OPTIONS |= {"comparison_group": {"peers": ["SPX"]}, "synthetic_control": {"donors": ["SPX", "HSI"]}}
USED = """
barber1997 benjamini1995 benjamini2001 binder1985 boehmer1991 box1994 brown1980 brown1985 campbell1997 corrado1989
corrado1992 cowan1992 engle1982 fama1998 fieller1954 fisher1935 garman1980 ge2003 gelbach2013 hall1992 holm1979
hotelling1931 jaffe1974 jarque1980 jorda2005 kendall1954 kolari2010 kolari2011 ljung1978 luetkepohl2005 mackinlay1997
mackinnon1985 mandelker1974 mitchell2000 newey1987 patell1976 pope1990 quenouille1956 romano2005 romano2016
schipper1983 schwarz1978 tukey1958 westfall1993 wilcoxon1945
""".split()  # noqa: SIM905 - a list of keys reads better as text


def chosen(name, **options):
    return Choice(name=name, label=name, options=OPTIONS.get(name, {}) | options)


@pytest.fixture(scope="module")
def cited():
    """The words of every section of references in the package, by key of the work."""
    found = {}
    for path in sorted(Path(eventstudy.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef | ast.FunctionDef):
                text = ast.get_docstring(node) or ""
                for key in keys_in(text):
                    found.setdefault(key, []).append(" ".join(text.split()))
    return found


def test_every_work_that_is_cited_has_an_entry_and_every_entry_is_cited(cited):
    assert set(cited) == set(library())
    assert list(library()) == sorted(library())


def test_entries_agree_with_the_docstrings(cited):
    for key, work in library().items():
        assert re.fullmatch(r"[a-z]+" + work.fields["year"], key)
        if "journal" in work.fields:
            place = f"{work.fields['volume']}, {work.fields['pages'].replace('–', '-')}"
            assert all(place in text for text in cited[key]), key
        else:
            assert all(work.fields["title"].partition(":")[0] in text for text in cited[key]), key


@pytest.mark.parametrize("kind", KINDS)
def test_every_plug_in_has_a_name_and_rests_on_a_work(kind):
    for name, plugin in plugins(PACKAGES[kind]).items():
        assert name in NAMES
        keys = works_of(kind, chosen(name))
        assert keys
        years = set(re.findall(r"\d{4}", plugin.reference))
        everything = keys_in(plugin.__doc__)
        assert {key[-4:] for key in everything} >= years, name
        assert set(keys) <= set(everything) <= set(library())


def test_names_are_those_of_plug_ins():
    assert set(NAMES) == {name for kind in KINDS for name in plugins(PACKAGES[kind])}


def test_an_option_decides_which_works_are_used():
    assert works_of("model", chosen("market_robust")) == ("huber1981",)
    assert works_of("model", chosen("market_robust", estimator="lad")) == ("koenker1978",)
    assert works_of("model", chosen("market_garch", volatility="egarch")) == (
        "bollerslev1986",
        "nelson1991",
        "straumann2006",
    )
    assert "maynes1993" not in works_of("model", chosen("constant_mean"))
    traded = chosen("constant_mean", missing="trade_to_trade")
    assert works_of("model", traded) == ("maynes1993", "brown1985")
    assert "politis2004" not in works_of("procedure", chosen("stationary_bootstrap", block=5))


def said(result, **changes):
    """The sentences of the methods section of a study with some options changed."""
    changed = replace(result, study=result.study.model_copy(update=changes))
    return " ".join(methods(changed))


@pytest.mark.parametrize("name", ["stamp-duty", "regulator-statements", "episodes"])
def test_sentences_follow_from_study_and_frames(name):
    result = result_of(name)
    study, text = result.study, said(result)
    words = {2: "two", 5: "five"}
    assert f"consists of {words.get(len(study.events), len(study.events))} events, " in text
    first, last = (
        min(study.events, key=lambda event: str(event.announced)),
        max(study.events, key=lambda event: str(event.announced)),
    )
    for event in (first, last):
        day = event.announced
        assert f"{day.day}\N{NO-BREAK SPACE}{day:%b}\N{NO-BREAK SPACE}{day.year}" in text
    assert "effect on CSI 300 and Hang Seng TECH" in text
    assert (
        "the constant mean return model [@brown1985], estimated over the 120 sessions of days −130 to −11"
        in text
    )
    assert "at least 100 must have a return" in text
    assert "the market model with S&P 500 (taken over the sessions that close" in text
    assert "Returns are simple" in text
    assert "days −10 to +20" in text
    for window in study.windows:
        assert f"{window}".replace("-", "−") in text
    cells = len(result.frames["day0"])
    numbers = {4: "four", 7: "seven"}
    if len(result.frames["dropped"]):
        assert f"remain: {numbers.get(cells, cells)} with the constant mean return model" in text
    else:
        assert f"for the {numbers[cells]} pairs of event and asset" in text
    ran = result.frames["statistics"].query("status == 'ok'")["statistic"].unique()
    idle = text.partition("Not applicable here")[2].partition("The placebo test")[0]
    for choice in study.statistics:
        assert (f"{NAMES[choice.name]} [" in idle) == (choice.label not in ran)
        assert f"{NAMES[choice.name]} [" in text
    fieller = result.frames["lasting"]["fieller_low"].notna().any()
    assert ("Fieller" in text) == fieller
    assert ("flow" in text) == result.frames["outcomes"].query("outcome == 'flow'")["p_value"].any()
    assert ("Episodes are" in text) == bool(len(result.frames["episodes"]))
    assert f"the seed {study.seed}." in text


@pytest.mark.parametrize(
    ("changes", "before", "after"),
    [
        ({"returns": "log"}, "Returns are simple;", "Returns are logarithmic;"),
        ({"alternative": "greater"}, "Tests of CARs are two-sided.", "against means above zero"),
        ({"alternative": "less"}, "Tests of CARs are two-sided.", "against means below zero"),
        ({"windows": (Window(-1, 3),)}, "the windows [−5,−1]", "over the window [−1,+3]."),
        ({"pool_assets": True}, "asset by asset", "the assets taken together"),
        ({"alpha": 0.1}, "intervals is 5%", "intervals is 10%"),
        ({"seed": 7}, "seed 1.", "seed 7."),
        ({"estimation": Window(-70, -11)}, "120 sessions", "60 sessions of days −70 to −11"),
        ({"min_observations": 50}, "at least 100", "at least 50"),
        (
            {"models": (chosen("market_robust", estimator="lad"),)},
            "[@brown1985], est",
            "the market model with S&P 500 (estimated by least absolute deviations) [@koenker1978], estimated over",
        ),
        (
            {"procedures": (chosen("placebo", by="year", scale="none", exclude=5, draws=999),)},
            "in the same third",
            "compares the CAR with the same number on days of the same market in the same year, more than 5",
        ),
        (
            {"procedures": (chosen("conformal"),)},
            "The placebo test [",
            "We also use conformal inference [@chernozhukov2021].",
        ),
        (
            {"statistics": (chosen("wild_bootstrap", cluster="date"),)},
            "Mean CARs are tested by",
            "the wild bootstrap test (with events of one date as a cluster) [@liu1988; @cameron2008; @davidson2008]",
        ),
        (
            {"estimation_without": Exclusion(events="catalogue", days=Window(-2, 3))},
            "",
            "The sessions of days −2 to +3 around every other event of the catalogue are left out",
        ),
    ],
)
def test_another_option_changes_its_sentence(changes, before, after):
    result = result_of("stamp-duty")
    assert before in said(result)
    assert after in said(result, **changes)
    assert not before or before not in said(result, **changes)


def test_a_study_without_chance_names_no_seed():
    text = said(result_of("stamp-duty"), procedures=(), statistics=(chosen("patell"),))
    assert "seed" not in text


def test_one_event_in_one_market_is_said_so():
    result = result_of("stamp-duty")
    text = said(result, events=result.study.events[:1], assets=("CSI300",))
    assert "The sample is one event, announced on 30\N{NO-BREAK SPACE}May" in text
    assert "We study its effect on CSI 300." in text
    assert "averaged" not in text


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """The exports of a study in LaTeX and Markdown, without tables and figures."""
    result, target = result_of("stamp-duty"), tmp_path_factory.mktemp("paper")
    write_exports(Document("", "", (), ()), target, ["tex", "md"], result=result)
    return target / "export"


def test_the_works_beside_the_tables_are_exactly_those_used(exported):
    section = (exported / "tex" / "methods.tex").read_text(encoding="utf-8")
    works = (exported / "tex" / "references.bib").read_text(encoding="utf-8")
    named = {key for keys in re.findall(r"\\citep\{(.*?)\}", section) for key in keys.split(",")}
    assert re.findall(r"^@\w+\{(\w+),$", works, re.MULTILINE) == sorted(named) == USED
    assert keys_of(methods(result_of("stamp-duty"))) == USED


def test_markdown_names_authors_and_lists_the_works(exported):
    text = (exported / "md" / "methods.md").read_text(encoding="utf-8")
    body, _, works = text.partition("# References")
    assert "(Westfall and Young, 1993; Ge et al., 2003)" in " ".join(body.split())
    assert "@" not in text
    assert len(re.findall(r"^\* ", works, re.MULTILINE)) == len(USED)
    assert "* Jordà, Òscar (2005). Estimation and Inference of Impulse Responses" in works
    assert "Automatic Block" not in works


def test_a_report_in_chinese_has_an_english_methods_section():
    result = result_of("regulator-statements")
    report = result.study.report.model_copy(update={"language": "zh-Hans"})
    assert said(result, report=report) == said(result)


def test_the_section_in_latex_has_no_fault_of_syntax(exported):
    text = (exported / "tex" / "methods.tex").read_text(encoding="utf-8")
    assert faults(text) == []
    assert not re.search("[^\\x00-\\x7f]", text)


@pytest.mark.parametrize(
    "text", ["{", "a}{", r"\begin{table}", r"\end{table}", "5%", "a_b", "$x", "a & b", "#1", "a^b"]
)
def test_a_fault_of_syntax_is_found(text):
    assert faults(text)


def test_all_works_are_entries_of_bibtex():
    text = bibliography(library())
    assert text.count("{") == text.count("}")
    for work in library().values():
        needed = {"author", "title", "year"}
        needed |= {"journal", "volume", "pages"} if "@article" in work.entry else {"publisher"}
        assert set(work.fields) - {"edition"} == needed


PAPER = r"""\documentclass{article}
\usepackage[T1]{fontenc}
\usepackage{textcomp}
\usepackage{booktabs,longtable,array,graphicx,natbib}
\begin{document}
\input{methods.tex}
\bibliographystyle{plainnat}
\bibliography{references}
\clearpage
%s
\end{document}
"""


@pytest.mark.slow
def test_a_paper_that_takes_in_every_table_compiles(tmp_path):
    missing = [name for name in ("pdflatex", "bibtex") if shutil.which(name) is None]
    if missing:
        pytest.skip(f"{' and '.join(missing)} not installed")
    result = result_of("stamp-duty")
    shown = Filled("section-tables", "Tables", tuple(study_document(result).tables()))
    write_exports(Document("", "", (), (shown,)), tmp_path, ["tex"], result=result)
    folder = tmp_path / "export" / "tex"
    files = [p for p in sorted(folder.glob("*.tex")) if p.stem not in {"methods", "tables"}]
    inputs = "\n".join(rf"\input{{{path.name}}}\clearpage" for path in files)
    (folder / "paper.tex").write_text(PAPER % inputs, encoding="utf-8")
    latex = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "paper.tex"]
    for command in (latex, ["bibtex", "paper"], latex, latex):
        done = subprocess.run(command, cwd=folder, capture_output=True, check=False, timeout=200)
        assert done.returncode == 0, done.stdout[-2000:].decode(errors="replace")
    log = (folder / "paper.log").read_text(encoding="latin-1")
    assert not re.search("undefined|multiply defined", log)
    listed = (folder / "paper.bbl").read_text(encoding="utf-8")
    assert listed.count(r"\bibitem") == len(USED)
    assert (folder / "paper.pdf").stat().st_size > 100_000


@pytest.fixture(scope="module")
def panel(tmp_path_factory):
    """A panel with characteristics, two models and regressions."""
    folder = tmp_path_factory.mktemp("panel")
    _, _, events = tables()
    events["size"] = [3.0, 1.0, 2.0, 5.0] * 10
    write_tables(folder, events=events)
    design = Design(
        models=("market", "constant_mean", "comparison_group:peers=F01,F02"),
        statistics=("bmp", "wild_bootstrap"),
        estimation=Window(-270, -21),
        event_window=Window(-2, 2),
        windows=(Window(-1, 1),),
        group="grp",
        alternative="greater",
        seed=4,
        regress=("size",),
        errors=("HC1", "cluster:date,asset", "fama_macbeth:kernel"),
        event_time=True,
    )
    return run_panel(Inputs(folder / "R.csv", folder / "E.csv", f"{folder}/M.csv"), design)


@pytest.mark.parametrize(
    "sentence",
    [
        "The sample consists of 40 events of 40 assets on 26 dates between 7~Feb~2022 and 15~Jul~2022.",
        "Returns come from the table R.csv and those of the market from the table M.csv.",
        "from the market model with the market return [@mackinlay1997], estimated over the 250 sessions of days −270",
        "Besides we use the constant mean return model [@brown1985] and the mean return of a comparison group of F01 and",
        "Returns are simple;",
        "computed for days −2 to +2 and cumulated over the window [−1,+1].",
        "CARs are averaged over all events and by grp.",
        "Mean CARs are tested by the standardised cross-sectional test [@boehmer1991]. Not applicable here was the wild",
        "one-sided, against means above zero, where a test has a one-sided form; regressions and intervals are",
        "The CARs are regressed on size by least squares, with heteroscedasticity-robust errors (HC1) [@mackinnon1985]",
        "errors clustered by date and asset [@cameron2011].",
        "beside effects of securities and of dates [@borusyak2024], with errors clustered by security and",
        "statsmodels",
    ],
)
def test_the_methods_of_a_panel_follow_from_its_options(panel, sentence):
    text = " ".join(panel_methods(panel))
    assert sentence.replace("~", "\N{NO-BREAK SPACE}") in text


def test_a_panel_names_nothing_that_was_not_run(panel):
    plain = replace(panel.design, regress=(), errors=(), event_time=False, group="")
    plain = replace(plain, statistics=("bmp",), alternative="two-sided", models=("market",))
    frames = {name: each for name, each in panel.frames.items() if name != "regressions"}
    bare = replace(panel, design=plain, frames=frames, studied={"market": 39})
    text = " ".join(panel_methods(bare))
    for word in ("regress", "seed", "Besides", "by grp", "one-sided", "bootstrap"):
        assert word not in text
    assert (
        "Of 40 events given those with the data that a model needs remain: 39 with the market"
        in text
    )


def test_a_panel_has_its_works_beside_its_tables(panel, tmp_path):
    write_exports(Document("", "", (), ()), tmp_path, ["tex", "md"], result=panel)
    works = (tmp_path / "export" / "tex" / "references.bib").read_text(encoding="utf-8")
    section = (tmp_path / "export" / "tex" / "methods.tex").read_text(encoding="utf-8")
    keys = re.findall(r"^@\w+\{(\w+),$", works, re.MULTILINE)
    assert keys == keys_of(panel_methods(panel))
    assert faults(section) == []
    assert (tmp_path / "export" / "md" / "methods.md").is_file()
