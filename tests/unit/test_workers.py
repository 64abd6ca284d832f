"""Who does the work changes no number: one process, two, a cluster, one that loses a worker."""

import dataclasses
import json
import os
import signal

import numpy as np
import pandas as pd
import pytest

from eventstudy.cli import main
from eventstudy.comparison import means as module
from eventstudy.comparison.draws import mean_by_group, moves_of
from eventstudy.comparison.means import drawn_means
from eventstudy.comparison.multiplicity import step_down, step_down_by_p
from eventstudy.panel import Design, Inputs, chunks, pieces, run_panel, write_panel
from eventstudy.panel.events import read_events
from eventstudy.panel.series import open_series
from eventstudy.placebo import _blocks as blocks
from eventstudy.placebo.placebo import Placebo
from eventstudy.placebo.stationary_bootstrap import StationaryBootstrap
from eventstudy.simulate import load, simulate
from eventstudy.spec import Window
from eventstudy.workers import ALONE, Workers, at_work, employed, spread
from tests.panel40_tables import arguments, tables, write_tables
from tests.trials import trial_of, wild

EVENTS = [(str(day), day % 2, day) for day in (200, 301, 420, 425, 700, 901, 1210)]
DESIGN = Design(statistics=("bmp", "corrado_rank"), estimation=Window(-150, -21))


@pytest.fixture(scope="module")
def trial():
    return trial_of([wild(1), wild(2)], EVENTS)


def moves(trial):
    return moves_of(
        trial, np.arange(len(trial.sample)), Placebo(draws=99).compare(trial, rng()).days
    )


def rng():
    return np.random.default_rng(7)


def written(folder, design=DESIGN, workers=ALONE, memory=None, returns="R.csv"):
    """Return the files of a panel, but for the manifest."""
    inputs = Inputs(folder / returns, folder / "E.csv", str(folder / "M.csv"))
    result = run_panel(inputs, design, workers=workers, memory=memory)
    write_panel(result, folder / "out")
    return {path.name: path.read_bytes() for path in (folder / "out").iterdir()}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("panel")
    write_tables(folder)
    return folder


def test_two_processes_write_the_same_bytes(folder, monkeypatch):
    """Small chunks, one thread in each process."""
    alone = written(folder)
    monkeypatch.setattr(chunks, "EVENTS_SENT", 9)
    seen, original = [], pieces.spread
    monkeypatch.setattr(pieces, "spread", lambda *given: seen.append(at_work()) or original(*given))
    assert written(folder, workers=Workers(2)) == alone
    assert seen == [Workers(2)]
    with employed(Workers(2)):
        threads = spread(os.getenv, ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"])
        assert [*threads] == ["1"] * 3
    assert at_work() == ALONE


def test_two_processes_simulate_the_same_rates(tmp_path):
    design = "format: 1\ntitle: T\nsamples: 40\nestimation: [-60, -1]\nevents: [400, 300]\n"
    file = tmp_path / "design.yaml"
    file.write_text(f"{design}statistics: [bmp]\neffect: [0, 1]\n", "utf-8")
    alone, two = (simulate(load(file), Workers(n)).frame for n in (1, 2))
    pd.testing.assert_frame_equal(alone, two, check_exact=True)


def test_draws_past_one_block_have_generators_of_their_own(trial, monkeypatch):
    monkeypatch.setattr(module, "AT_ONCE", 50)
    found = drawn_means(moves(trial), trial.groups, draws=120, rng=rng())
    parts = [
        mean_by_group(moves(trial).relabelled(*task), trial.groups)
        for task in zip((50, 50, 20), rng().spawn(3), strict=True)
    ]
    for key in trial.groups:
        expected = np.concatenate([part[key] for part in parts])
        drawn = np.column_stack([found.column(key, window) for window in range(2)])
        np.testing.assert_array_equal(drawn, expected)


def test_blocks_of_draws_give_the_p_values_of_their_draws(trial, monkeypatch):
    """Alone and of all hypotheses together, as from one table of all draws."""
    monkeypatch.setattr(module, "AT_ONCE", 50)
    test, made = Placebo(draws=199), []
    original = module.drawn_means
    monkeypatch.setattr(
        "eventstudy.placebo._placebo.drawn_means",
        lambda *given, **more: made.append(original(*given, **more)) or made[-1],
    )
    found = test.compare(trial, rng())
    hypotheses = [(key, window) for key in trial.groups for window in range(2)]
    drawn = np.column_stack([made[0].column(*each) for each in hypotheses])
    value = np.array([found.answers.groups[key].statistic[w] for key, w in hypotheses])
    alone = np.array([found.answers.groups[key].p_value[w] for key, w in hypotheses])
    assert len(made) == 1 + len(trial.every)
    for name, step in (("min_p", step_down_by_p), ("max_t", step_down)):
        adjusted = [getattr(found.adjusted[key], name)[w] for key, w in hypotheses]
        np.testing.assert_array_equal(adjusted, np.maximum(step(value, drawn), alone))
    usual = Placebo(draws=9_999).compare(trial, rng()).answers.groups
    for key in trial.groups:
        np.testing.assert_allclose(found.answers.groups[key].p_value, usual[key].p_value, atol=0.15)


def test_a_command_is_written_down_without_who_did_the_work(folder, capsys):
    words = arguments(folder, "--statistic", "bmp")
    assert main([*words, "--workers=1"]) == 0
    first = {path.name: path.read_bytes() for path in (folder / "out").iterdir()}
    assert main(words) == 0
    assert {path.name: path.read_bytes() for path in (folder / "out").iterdir()} == first
    assert "workers" not in json.loads(first["manifest.json"])["command"]
    for command in (words, ["run", "events", "--out", str(folder / "reports")]):
        assert main([*command, "--workers", "2", "--dask", "tcp://127.0.0.1:9"]) == 2
        assert "--dask is a cluster: name one" in " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize(
    ("workers", "programs"), [(Workers(2), 2), (Workers(4, "tcp://127.0.0.1:9"), 0)]
)
def test_processes_of_one_machine_share_the_memory(folder, monkeypatch, workers, programs):
    """Each of them needs the program once more; those of a cluster have memory of their own."""
    inputs, design = Inputs(folder / "R.csv", folder / "E.csv", str(folder / "M.csv")), DESIGN
    source = open_series(inputs.returns, by_parts=False)
    alone = chunks.need(inputs, design, source, 40)
    monkeypatch.setattr(chunks, "at_work", lambda: workers)
    found = chunks.need(inputs, design, source, 40)
    assert found.always - alone.always == programs * chunks.PROGRAM
    assert found.event > alone.event
    few, room = read_events(inputs.events, ""), found.always + 2 * (found.asset + 40 * found.event)
    packed = chunks.chunks_of(inputs, design, source, few, max(room, found.tests))
    assert sorted(np.concatenate([chunk.rows for chunk in packed])) == [*range(40)]
    assert len(packed) >= 2 * workers.processes


@pytest.mark.slow
def test_a_cluster_that_loses_a_worker_gives_the_same_bytes(folder, trial, monkeypatch):
    """Panel from memory and from Parquet, placebo and bootstrap; a killed worker costs time only."""
    from distributed import LocalCluster

    rows = tables()[0].melt("date", var_name="asset", value_name="return").dropna()
    rows.to_parquet(folder / "long.parquet", index=False)
    monkeypatch.setattr(chunks, "EVENTS_SENT", 2)
    monkeypatch.setattr(module, "AT_ONCE", 500)
    whole = dataclasses.replace(DESIGN, event_time=True)

    def everything(workers):
        with employed(workers):
            placebo = Placebo(draws=20_000).compare(trial, rng())
            bootstrap = StationaryBootstrap(draws=999).test(trial, rng())
        return [
            written(folder, whole, workers),
            written(folder, DESIGN, workers, 2_500_000_000, "long.parquet"),
            [each.p_value.tolist() for each in placebo.answers.groups.values()],
            [each.max_t.tolist() for each in placebo.adjusted.values()],
            bootstrap.events.p_value.tolist(),
        ]

    alone = everything(ALONE)
    with LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
    ) as local:
        workers, killed = Workers(dask=local.scheduler_address), []
        assert everything(workers) == alone

        def killing(work, tasks):
            first = next(iter(local.workers.values())).process.process.pid
            for position, found in enumerate(spread(work, tasks)):
                if position == 1:
                    os.kill(first, signal.SIGKILL)
                    killed.append(first)
                yield found

        for place in (pieces, module, blocks):
            monkeypatch.setattr(place, "spread", killing)
            assert everything(workers) == alone
            monkeypatch.setattr(place, "spread", spread)
        assert len(set(killed)) >= 3
