"""A simulation as a document: rates without an effect with their verdicts, then power."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, NamedTuple

from eventstudy.charts.power_curve import power_curves
from eventstudy.document import Document, Filled
from eventstudy.document.blocks import Code, Figure, Note, Panel, Panels, Part
from eventstudy.formats import per_hundred as written
from eventstudy.simulate.design import Base
from eventstudy.simulate.groups import GROUPS
from eventstudy.simulate.lists import NONE, NORMAL
from eventstudy.simulate.run import ERRORS
from eventstudy.spec.base import Window
from eventstudy.tables.table import Cell, Column, Table, number, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from eventstudy.document.blocks import Block
    from eventstudy.simulate.run import SimulationResult

SAMPLES = [field.name for field in fields(Base)]
CURVES = (
    "Share of the samples in which a test rejects, by the true abnormal return of day 0; the number at a curve "
    "is that of the events, the grey line 80%."
)
APART = (
    "Share of the samples in which a test rejects, by how much more the second group returns on day 0; the number at "
    "a curve is that of all events, the grey line 80%."
)
GROUPED = (
    "A sample has two groups, and {} test how they differ: the size is the rate without a difference. All other "
    "tests see the events of both groups as one sample."
)


class Along(NamedTuple):
    """What power is drawn along: column, words for it, and the note below the heading."""

    key: str
    word: str
    anchor: str
    title: str
    note: str


EFFECT = Along("effect", "effect", "", "", CURVES)
DIFFERENCE = Along("group_difference", "difference", "groups-", "True difference, per cent", APART)
TEST = ["model", "alternative", "window_start", "window_end"]


def simulation_document(result: SimulationResult) -> Document:
    """Return what a simulation found.

    Parameters
    ----------
    result : SimulationResult
        The simulation; the same result gives the same document.
    """
    design = result.file.design
    found = (
        Filled("section-size", "Size", tuple(_size(result))),
        Filled("section-power", "Power", tuple(_power(result))),
        Filled("section-provenance", "Provenance", tuple(_provenance(result))),
    )
    return Document(
        title=design.title,
        question=design.description,
        design=tuple(_design(result)),
        sections=tuple(section for section in found if section.blocks),
        kind="Simulation",
        files="",
    )


def _design(result: SimulationResult) -> Iterator[str]:
    """Yield what was simulated, in lines."""
    design = result.file.design
    drawn = str(design.returns or "a law")
    if len(design.series) > 1:
        drawn += f" with the factors {', '.join(design.series[1:])}"
    yield (
        f"{design.samples:,} samples a cell, drawn from {drawn}; estimation {design.estimation}, tests at "
        f"{100 * design.level:g}%, seed {design.seed}."
    )
    yield (
        "Rates are per cent of the tests that could be made; in brackets their Monte-Carlo standard errors. "
        f"Over and under: more than {ERRORS:g} standard errors of the level from it, as chance has it in 0.3% of cells."
    )
    if design.contrasts:
        yield GROUPED.format(", ".join(sorted(design.contrasts)))


def _tests(frame: pd.DataFrame) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Yield the rows of every model, side and window, with an anchor and their names."""
    for model, side, start, end in frame[TEST].drop_duplicates().itertuples(index=False, name=None):
        rows = frame[(frame[TEST] == [model, side, start, end]).all(axis=1)]
        window = Window(start, end)
        yield f"{model}-{side}-{start}-{end}", f"{model}, {side}, {window}", rows


def _size(result: SimulationResult) -> Iterator[Block]:
    """Yield one table of rates without an effect per model, side and window, and one without a difference."""
    for anchor, name, rows in _tests(result.frame[result.null & ~result.contrast]):
        yield _rates(f"size-{anchor}", f"Rejections without an effect: {name}", rows)
    for anchor, name, rows in _tests(result.frame[result.null & result.contrast]):
        title = f"Rejections without a difference between the groups: {name}"
        yield _rates(f"size-groups-{anchor}", title, rows)


def _rates(anchor: str, title: str, rows: pd.DataFrame) -> Table:
    """Return statistics by designs."""
    keys = _keys(rows)
    designs = list(rows[keys].drop_duplicates().itertuples(index=False, name=None))
    shown = [name for name in keys if _varies(rows[name])]
    by_cell = rows.set_index(["statistic", *keys])
    statistics = list(dict.fromkeys(rows["statistic"]))
    return Table(
        id=anchor,
        title=title,
        caption=_same(rows, [name for name in keys if name not in shown]),
        columns=(
            Column("Statistic"),
            *(
                Column(_named(dict(zip(keys, each, strict=True)), shown), numeric=True)
                for each in designs
            ),
        ),
        rows=tuple(
            (
                words(statistic),
                *(_cell(by_cell.loc[(statistic, *each)]) for each in designs),
            )
            for statistic in statistics
        ),
    )


def _keys(rows: pd.DataFrame) -> list[str]:
    """Return the columns that tell a cell of the grid, the effect last."""
    return [*SAMPLES, *(name for name in GROUPS if name in rows), "variance", "effect"]


def _varies(column: pd.Series) -> bool:
    """Tell whether a column has more than one value."""
    return bool((column != column.iloc[0]).any())


def _cell(row: pd.Series) -> Cell:
    """Return a rate with its error and verdict."""
    if not row["tests"]:
        return words("–", detail=row["reason"] or "not applicable")
    said = f", {row['verdict']}" if row["verdict"] in ("over", "under") else ""
    cell = number(row["rate"], written(row["rate"], 1))
    detail = f"({written(row['std_error'], 1)}){said}"
    return Cell(cell.text, cell.value, detail=detail, strong=bool(said))


def _named(values: dict[str, object], names: list[str]) -> str:
    """Return what tells a design from the others."""
    return ", ".join(_words(name, values[name]) for name in names) or "all"


def _same(rows: pd.DataFrame, names: list[str]) -> str:
    """Return what all designs of a table share."""
    first = rows.iloc[0]
    usual = {
        "correlation": 0.0,
        "tails": NORMAL,
        "garch": NONE,
        "untraded": 0.0,
        "variance": 1.0,
        "effect": 0.0,
        "group_difference": 0.0,
        "group_variance": 1.0,
    }
    said = [_words(name, first[name]) for name in names if first[name] != usual.get(name)]
    return f"{', '.join(said)}.".capitalize() if said else ""


def _words(name: str, value: object) -> str:
    """Return one setting in words."""
    form = {
        "events": "{} events",
        "dates": "{} dates",
        "correlation": "correlation {:g}",
        "tails": "tails {}",
        "garch": "GARCH {}",
        "untraded": "{:.0%} untraded",
        "variance": "variance x{:g}",
        "effect": "effect {:g}%",
        "group_share": "{:.4g} of the events in the second group",
        "group_difference": "difference {:g}%",
        "group_variance": "variance of the second group x{:g}",
    }[name]
    return form.format(value)


def _power(result: SimulationResult) -> Iterator[Block]:
    """Yield tables of power, and curves where there are several effects, or differences."""
    some = ~result.null
    for anchor, name, rows in _tests(result.frame[some & ~result.contrast]):
        yield _rates(f"power-{anchor}", f"Power: {name}", rows)
    for anchor, name, rows in _tests(result.frame[some & result.contrast]):
        yield _rates(f"power-groups-{anchor}", f"Power against a difference: {name}", rows)
    yield from _figures(result.frame[~result.contrast], EFFECT)
    yield from _figures(result.frame[result.contrast], DIFFERENCE)


def _figures(frame: pd.DataFrame, along: Along) -> Iterator[Block]:
    """Yield curves by an effect of which there are several that are not negative, for every setting."""
    if not len(frame) or frame.loc[frame[along.key] >= 0, along.key].nunique() <= 2:
        return
    for anchor, name, rows in _tests(frame[frame[along.key] >= 0]):
        keys = [key for key in _keys(rows) if key not in ("events", along.key)]
        for place, (setting, part) in enumerate(rows.groupby(keys, sort=False)):
            values = dict(zip(keys, setting, strict=True))
            shown = [key for key in values if _varies(rows[key])]
            said = f"{name}: {_named(values, shown)}" if shown else name
            where = f"{along.anchor}{anchor}-{place}"
            panels = Panels(tuple(_curves(where, said, part, along)))
            yield Part(f"curves-{where}", f"Power curves, {said}", (Note(along.note), panels))


def _curves(anchor: str, name: str, rows: pd.DataFrame, along: Along) -> Iterator[Panel]:
    """Yield one figure per statistic, with a curve for every number of events."""
    furthest = float(rows[along.key].max()) / 100
    for statistic, part in rows[rows["tests"] > 0].groupby("statistic", sort=False):
        curves = [
            each.sort_values(along.key).assign(
                effect=each[along.key] / 100, power=each["rate"], n=events
            )[["n", "effect", "power"]]
            for events, each in part.groupby("events", sort=True)
        ]
        figure = Figure(
            id=f"curve-{anchor}-{statistic}",
            title="",
            caption="",
            name=f"Power of {statistic} by the true {along.word}: {name}",
            spec=power_curves(curves, furthest, along.title),
            table=_rates(f"curve-{anchor}-{statistic}-table", str(statistic), part),
        )
        yield Panel(str(statistic), None, (figure,))


def _provenance(result: SimulationResult) -> Iterator[Block]:
    """Yield how to have the same numbers again."""
    tried = f" --samples {result.file.samples}" if result.file.samples else ""
    yield Code(f"eventstudy simulate {result.file.path.name}{tried}")
    yield Note(
        f"The design is {result.file.path.name}, sha256 {result.file.sha256}. Seeds are spawned for every task "
        "by its place in the grid, so that neither the number of workers nor their order changes a number."
    )
