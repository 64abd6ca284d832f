"""Each mistake in a study file: its code, its place, and words that say what to do."""

from __future__ import annotations

import pytest

from eventstudy.errors import CODES, SpecError
from eventstudy.spec import load

HEAD = "format: 1\ntitle: T\n"
EVENTS = "events:\n  - {id: A, announced: 2023-08-27, title: a}\n"


def design(lines):
    """A study with a line or more of design above one event; they start in line 3."""
    return f"{HEAD}{lines}\n{EVENTS}"


def event(*lines):
    """A study with one event; its lines start in line 6."""
    return f"{HEAD}events:\n  - id: A\n    title: a\n" + "".join(f"    {line}\n" for line in lines)


def problems(path, text):
    """Code, line, column and text of every problem."""
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SpecError) as caught:
        load(path)
    assert caught.value.exit_code == 2
    assert all(problem.code in CODES for problem in caught.value.problems)
    return [(p.code, p.line, p.column, str(p)) for p in caught.value.problems]


RETURNS = (
    "instruments:\n  - {id: RF, name: Rate, kind: return, calendar: XSHG, timezone: Asia/Shanghai}"
)

US = (
    RETURNS.replace("RF", "SMB")
    .replace("XSHG", "XNYS")
    .replace("Asia/Shanghai", "America/New_York")
)

ONE_MISTAKE = [
    (
        "format: 1\ntitel: T\nevents:\n  - {id: A, announced: 2023-08-27, title: a}\n",
        *("unknown-key", 2, 1, "did you mean 'title'?"),
    ),
    (
        "format: 1\ntitle: T\nevents:\n  - {id: A, anounced: 2023-08-27, title: a}\n",
        *("unknown-key", 4, 13, "did you mean 'announced'?"),
    ),
    (design("asets: [CSI300]"), "unknown-key", 3, 1, "did you mean 'assets'?"),
    (
        event("announced: 2023-08-27", "categroy: x"),
        "unknown-key",
        7,
        5,
        "did you mean 'category'?",
    ),
    (design("models: [markt]"), "unknown-name", 3, 10, "did you mean 'market'?"),
    (design("models:\n  - name: momentum"), "unknown-name", 4, 11, "constant_mean, "),
    (design("models: [{benchmark: SPX}]"), "missing-key", 3, 10, "needs the name of a model"),
    (design("models: [market]"), "missing-key", 3, 10, "add the line `benchmark: ...`"),
    (
        design("models: [{name: market, benchmark: SPX, lag: previous}]"),
        *("not-a-choice", 3, 46, "allowed: none, previous_close; did you mean 'previous_close'?"),
    ),
    (
        design("models: [{name: market, benchmark: SPX, lagg: none}]"),
        *("unknown-option", 3, 41, "did you mean 'lag'?"),
    ),
    (
        design("models: [{name: market, benchmark: SPX}]"),
        *("needs-lag", 3, 36, "write `lag: previous_close`"),
    ),
    (
        design("assets: [CSI300]\nmodels: [{name: comparison_group, peers: [HSI, SPX]}]"),
        *("needs-lag", 4, 48, "or a model with a benchmark and `lag: previous_close`"),
    ),
    (
        design(f"models: [{{name: factors, regressors: [SMB]}}]\n{US}"),
        *("needs-lag", 3, 39, "(America/New_York) does not trade at the hours of CSI300, HSTECH"),
    ),
    (
        design(f"returns: log\nmodels: [{{name: factors, regressors: [RF]}}]\n{RETURNS}"),
        *("mixed-returns", 4, 39, "write `returns: simple`"),
    ),
    (
        design("models: [{name: constant_mean, missing: trade_to_trade}]"),
        *("mixed-returns", 3, 41, "write `returns: log`"),
    ),
    (
        design("models: [{name: market, benchmark: HSI, leads_lags: 1, missing: trade_to_trade}]"),
        *("bad-value", 3, 65, "choose one"),
    ),
    (
        design("models: [{name: market, benchmark: NORTHBOUND}]"),
        *("flow-without-return", 3, 36, "is a flow, not a price"),
    ),
    (
        design("models: [{name: factors, regressors: [SPX], label: f}]"),
        *("price-or-return", 3, 39, "choose an instrument of `kind: return`"),
    ),
    (
        design(f"models: [{{name: market, benchmark: RF, lag: previous_close}}]\n{RETURNS}"),
        *("price-or-return", 3, 36, "RF holds returns, not prices"),
    ),
    (
        design(f"models: [{{name: factors, regressors: [RF, SMB]}}]\n{RETURNS}"),
        *("unknown-instrument", 3, 43, "there is no instrument 'SMB'"),
    ),
    (
        design("models: [{name: factors, regressors: []}]"),
        *("empty-value", 3, 38, "the list needs 1 or more entries"),
    ),
    (
        design("models: [{name: market, benchmark: HSI, leads_lags: 9}]"),
        *("out-of-range", 3, 53, "it must be at most 5"),
    ),
    (
        design("models: [{name: dimson, benchmark: HSI, leads_lags: 3}]"),
        *("out-of-range", 3, 53, "it must be at most 2"),
    ),
    (
        design("models: [{name: comparison_group, peers: [SPX, HSI], weights: {SPX: 1}}]"),
        *("bad-value", 3, 63, "every peer needs one weight, and only peers: HSI has none"),
    ),
    (
        design("models: [{name: comparison_group, peers: [SPX], weights: {SPX: 1, HSI: 2}}]"),
        *("bad-value", 3, 58, "HSI is not among the peers"),
    ),
    (
        design("models: [{name: comparison_group, peers: [SPX], weights: {SPX: 0}}]"),
        *("out-of-range", 3, 64, "out of range; it must be more than 0"),
    ),
    (
        design("models: [{name: comparison_group, peers: [SPX], weights: {SPX: inf}}]"),
        *("bad-number", 3, 64, "must be a finite number, not"),
    ),
    (
        design("models: [{name: market, benchmark: SMB, leads_lags: 2}]"),
        *("unknown-instrument", 3, 36, "there is no instrument 'SMB'"),
    ),
    (
        design("assets: [CSI300, NORTHBOUND]"),
        *("flow-without-return", 3, 18, "is a flow, not a price"),
    ),
    (
        design("outcome: [flow, turnover]"),
        "not-a-choice",
        3,
        17,
        "return, flow, volume, volatility",
    ),
    (design("outcome: [flow, flow]"), "duplicate-entry", 3, 17, "flow"),
    (
        design("pool_assets: true\noutcome: volume"),
        *("no-outcome", 4, 10, "volume is studied asset by asset; remove it"),
    ),
    (
        design("source: {name: files, prices: a.csv}\noutcome: flow"),
        *("no-outcome", 4, 10, "with `symbols: {files: NAME}`, or remove the flow"),
    ),
    (
        design("models: [{name: constant_mean, label: a/b}]"),
        *("bad-id", 3, 39, "letters, digits"),
    ),
    (
        design("models:\n  - name: market\n    benchmark: SP500"),
        *("unknown-instrument", 5, 16, "or one that the study describes under `instruments`"),
    ),
    (
        design("models: [{name: market, benchmark: CSI300}, {name: market, benchmark: HSI}]"),
        *("duplicate-label", 3, 45, "add a `label` to one of them"),
    ),
    (design("statistics: [patel]"), "unknown-name", 3, 14, "did you mean 'patell'?"),
    (design("source: yaho"), "unknown-name", 3, 9, "allowed: "),
    (design("models: market"), "wrong-type", 3, 9, "must be a list such as [a, b], not text"),
    (design("models: []"), "empty-value", 3, 9, "write them or remove the line"),
    (design("returns: logs"), "not-a-choice", 3, 10, "allowed: simple, log; did you mean 'log'?"),
    (design("alpha: 5"), "out-of-range", 3, 8, "less than 1"),
    (design("alpha: nan"), "bad-number", 3, 8, "finite"),
    (design("max_dropped: -0.1"), "out-of-range", 3, 14, "at least 0"),
    (design("max_dropped: inf"), "bad-number", 3, 14, "finite"),
    (design("seed: 1.5"), "bad-number", 3, 7, "whole number"),
    (design(f"seed: {'9' * 30}"), "out-of-range", 3, 7, "less than"),
    (
        design("estimation: [-100, -5]"),
        "window-overlap",
        3,
        13,
        "before the event window [-10,+20]",
    ),
    (design("event_window: [-20, 5]"), "window-overlap", 3, 15, "estimation window [-130,-11]"),
    (design("event_window: [1, 5]"), "window-without-day-0", 3, 15, "day 0"),
    (design("estimation: [-13, -12]"), "out-of-range", 3, 13, "at least 3"),
    (design("estimation: [-9999, -11]"), "out-of-range", 3, 13, "-5000 to 5000"),
    (design("min_observations: 121"), "out-of-range", 3, 19, "120 sessions"),
    (design("windows: [[0, 30]]"), "window-outside", 3, 11, "widen `event_window`"),
    (design("windows: [[5, 1]]"), "bad-window", 3, 11, "write [1, 5]"),
    (design("windows: [[5]]"), "bad-window", 3, 11, "such as [-5, -1]"),
    (design("windows: [[0, 1], [0, 1]]"), "duplicate-entry", 3, 19, "entry 1 already"),
    (design("assets: [CSI30]"), "unknown-instrument", 3, 10, "did you mean 'CSI300'?"),
    (design("assets: [CSI300, CSI300]"), "duplicate-entry", 3, 18, "entry 1 already"),
    (event("announced: 2023-02-31"), "bad-date", 6, 16, "February 2023 has 28 days"),
    (event("announced: 2023-13-01"), "bad-date", 6, 16, "there is no month 13"),
    (event("announced: 27.08.2023"), "bad-date", 6, 16, "write one such as 2023-08-27"),
    (event("announced: 1693087200"), "bad-date", 6, 16, "write one such as 2023-08-27"),
    (event("announced: [2023-08-27]"), "wrong-type", 6, 16, "must be a date"),
    (event("announced: 0001-01-01"), "out-of-range", 6, 16, "1900 to 2100"),
    (event("announced: 2023-08-27 25:00"), "bad-time", 6, 16, "00:00 to 23:59:59"),
    (event("announced: 2023-08-27 6:00 pm"), "bad-time", 6, 16, "write 2023-08-27"),
    (event("announced: 2023-08-27 18:00 +25:00"), "bad-time", 6, 16, "such as +08:00"),
    (
        event("announced: 2023-08-27 18:00 +09:00", "timezone: Asia/Shanghai"),
        *("zone-mismatch", 6, 16, "which is at +08:00 then"),
    ),
    (
        event("announced: 2023-08-27 18:00", "timezone: Bejing"),
        "bad-time-zone",
        7,
        15,
        "Asia/Shanghai",
    ),
    (
        event("announced: 2023-08-27", "timezone: Asia/Shanghai"),
        *("zone-mismatch", 6, 16, "a date alone has no time zone"),
    ),
    (
        event(
            "announced: 2024-01-24 15:10",
            "first_session: {XSHG: {session: 2024-01-15, reason: r}}",
        ),
        *("out-of-range", 7, 37, "9 days before the announcement"),
    ),
    (
        event(
            "announced: 2024-01-24 15:10",
            "assets: [HSTECH]",
            "first_session: {XSHG: {session: 2024-01-25, reason: r}}",
        ),
        *("wrong-calendar", 8, 21, "allowed: XHKG"),
    ),
    (
        event("announced: 2023-08-27", "timezone: localtime"),
        "bad-time-zone",
        7,
        15,
        "Asia/Shanghai",
    ),
    (
        event("announced: 2023-03-12 02:30", "timezone: America/New_York"),
        *("no-such-time", 6, 16, "does not exist in America/New_York"),
    ),
    (
        event("announced: 2023-11-05 01:30", "timezone: America/New_York"),
        *("no-such-time", 6, 16, "exists twice in America/New_York"),
    ),
    (
        design("assets: [CSI300, SPX]").replace("08-27,", "08-27 18:00,"),
        *("time-without-zone", 5, 24, "CSI300 Asia/Shanghai, SPX America/New_York"),
    ),
    (
        event("announced: 2023-08-27", "until: 2023-08-26"),
        *("until-before-announced", 7, 12, "before the announcement on 2023-08-27"),
    ),
    (event("announced: 2023-08-27", "scheduled: maybe"), "bad-flag", 7, 16, "true or false"),
    (event("announced: 2023-08-27", "expected_sign: +"), "not-a-choice", 7, 20, "up, down, none"),
    (event("announced: 2023-08-27", "end_known:"), "empty-value", 7, 5, "write one or remove"),
    (event("announced: 2023-08-27", "category: all"), "reserved-id", 7, 15, "everything together"),
    (event("announced: 2023-08-27", "category: A"), "reserved-id", 4, 9, "also a category"),
    (event("announced: 2023-08-27", "confounded_by: [a b]"), "bad-id", 7, 21, "letters, digits"),
    (event("announced: 2023-08-27", "assets: [SPX]"), "asset-not-studied", 7, 14, "CSI300, HSTECH"),
    (
        event("announced: 2023-08-27", "sources: [{title: x, url: www.example.org}]"),
        *("bad-url", 7, 31, "must start with https:// or http://"),
    ),
    (
        event("announced: 2023-08-27", "sources: [{title: x, url: 'javascript:alert(1)'}]"),
        *("bad-url", 7, 31, "must start with https:// or http://"),
    ),
    (
        event(
            "announced: 2023-08-27",
            "reported: [{asset: SSE, session: 2023-08-28, measure: close, percent: 5}]",
        ),
        *("unknown-instrument", 7, 24, "allowed: CSI300"),
    ),
    (
        event(
            "announced: 2023-08-27",
            "reported: [{asset: HSI, session: 2023-08-28, measure: noon, percent: 5}]",
        ),
        *("bad-measure", 7, 59, "open, high, low, close, or HH:MM"),
    ),
    (
        event(
            "announced: 2023-08-27",
            "reported: [{asset: HSI, session: 2023-08-28, measure: low, percent: 5%}]",
        ),
        *("bad-number", 7, 73, "must be a number"),
    ),
    (
        event("announced: 2023-08-27", "first_session: {XNYS: {session: 2023-08-28, reason: x}}"),
        *("wrong-calendar", 7, 21, "allowed: XHKG, XSHG"),
    ),
    (
        event("announced: 2023-08-27", "first_session: {XSHG: {session: 2023-08-28}}"),
        *("missing-key", 7, 27, "add the line `reason: ...`"),
    ),
    (
        event("announced: 2023-08-27", "first_session: {xshg: {session: 2023-08-28, reason: x}}"),
        *("bad-calendar", 7, 21, "write a code such as XSHG"),
    ),
    (event(), "missing-key", 4, 5, "add the line `announced: ...`"),
    (HEAD + "events: [A]\n", "wrong-type", 3, 10, "must be a block of keys"),
    (HEAD, "no-events", 1, 1, "write one under `events`"),
    ("format: 2\ntitle: T\n" + EVENTS, "bad-format", 1, 9, "write `format: 1`"),
    ("format: [1]\ntitle: T\n" + EVENTS, "bad-format", 1, 9, "write `format: 1`"),
    ("format: 1\n" + EVENTS, "missing-key", 1, 1, "add the line `title: ...`"),
    ('format: 1\ntitle: " "\n' + EVENTS, "bad-text", 2, 8, "1 to 500 characters"),
    (f"{HEAD}{EVENTS}title: again\n", "repeated-key", 5, 1, "first in line 2"),
    (
        f"{HEAD}{EVENTS}  - {{id: A, announced: 2023-08-27, title: b}}\n",
        "duplicate-id",
        5,
        10,
        ":4:10",
    ),
    *(
        (design("").replace("id: A", f"id: {name}"), code, 5, 10, words)
        for name, code, words in [
            ("../x", "bad-id", "letters, digits"),
            ("a/b", "bad-id", "letters, digits"),
            ("-a", "bad-id", "with a letter or digit first"),
            ("a" * 65, "bad-id", "up to 64"),
            ("ALL", "reserved-id", "everything together"),
            ("uncategorised", "reserved-id", "also a category"),
        ]
    ),
    (design("as_of: 2026-11-01"), "no-effect", 3, 1, "the source 'snapshot' downloads nothing"),
    (design("as_of: yesterday"), "bad-date", 3, 8, "2023-08-27"),
    (design("fingerprint: 12ab"), "bad-fingerprint", 3, 14, "12 to 64 of the digits 0-9 a-f"),
    (design("report: {language: de}"), "not-a-choice", 3, 20, "allowed: en, zh-Hans"),
    (design("report: {sections: [sumary]}"), "unknown-name", 3, 21, "did you mean 'summary'?"),
    (design("report: {sections: [power, power]}"), "duplicate-entry", 3, 20, "stands there twice"),
    (design("export: [pdf]"), "not-a-choice", 3, 10, "allowed: tex, xlsx"),
    (design("second_fingerprint: 0123456789ab"), "no-effect", 3, 1, "without `second_source`"),
    (
        design("fingerprint: 0123456789ab\nsecond_source: yahoo"),
        *("not-pinned", 4, 1, "hold it fast by `second_fingerprint`"),
    ),
    (
        design("estimation_without: {events: others}"),
        *("not-a-choice", 3, 30, "allowed: study, catalogue"),
    ),
    (
        design("estimation_without: {days: [-1, 40]}"),
        *("window-outside", 3, 28, "reaches beyond the event window"),
    ),
    (
        design("estimation_without: {events: catalogue}"),
        *("no-effect", 3, 30, "add a line such as `away_from: [all-policy.yaml]`, or write"),
    ),
    (
        event("announced: 2023-08-27", "end_known: true"),
        *("no-effect", 7, 5, "add its last day as `until: 2025-03-06`, or remove `end_known`"),
    ),
    (
        event("announced: 2023-08-27", "end_known: true", "until: 2025-02-30"),
        *("bad-date", 8, 12, "February 2025 has 28 days"),
    ),
    (
        event("announced: 2023-08-27", "confounded_by: [B, A]"),
        *("bad-value", 7, 24, "A is this event itself; write the ids of other events"),
    ),
    (
        event("announced: 2023-08-27", "confounded_by: [B, C, B]"),
        *("duplicate-entry", 7, 27, "B stands in entry 1 already; keep one"),
    ),
    (
        event("announced: 2023-08-27", "assets: [CSI300, CSI300]"),
        *("duplicate-entry", 7, 22, "CSI300 stands in entry 1 already; keep one"),
    ),
    (
        design("procedures: [{name: placebo, scale: none}]"),
        *("duplicate-label", 3, 14, "with `by: state` and `scale: deviation`, which runs too"),
    ),
    (
        design("procedures: [placebo, {name: conformal, label: patell}]"),
        *("duplicate-label", 3, 23, "is that of a statistic too; add a `label` to one"),
    ),
    (
        design("robustness: {windows: [[0, 0], [1, 5], [0, 0]]}"),
        *("duplicate-entry", 3, 40, "[0,0] stands in entry 1 already; keep one"),
    ),
    (design("robustness: {events: [all, all]}"), "duplicate-entry", 3, 28, "keep one"),
    (design("robustness: {run: false}"), "unknown-key", 3, 14, "allowed: models, estimation"),
    (
        design("robustness: none"),
        *("wrong-type", 3, 13, "must be `false`, or a block of keys such as"),
    ),
    (design("robustness: [simple]"), "wrong-type", 3, 13, "must be a block of keys"),
    (
        design("models: [{name: synthetic_control, donors: [HSI]}]"),
        *("empty-value", 3, 44, "needs 2 or more entries"),
    ),
    (design("robustness: {event: [all]}"), "unknown-key", 3, 14, "did you mean 'events'?"),
    (
        design("robustness: {windows: [[0, 21]]}"),
        *("window-outside", 3, 24, "widen `event_window`"),
    ),
    (design("robustness: {estimation: [[-60, -5]]}"), "window-overlap", 3, 27, "move it"),
    (design("robustness: {estimation: [[-60, -59]]}"), "out-of-range", 3, 27, "at least 3"),
    (
        design("robustness: {models: [constant_mean, constant_mean]}"),
        *("duplicate-label", 3, 38, "stands in entry 1 already"),
    ),
    (
        design("robustness: {models: [{name: market, benchmark: HSCEI}]}"),
        *("unknown-instrument", 3, 49, "or one that the study describes"),
    ),
    (
        design("robustness: {models: [{name: market, benchmark: SPX}]}"),
        *("needs-lag", 3, 49, "write `lag: previous_close`"),
    ),
    (
        design(
            "returns: log\nestimation_without: {}\nmodels: [{name: constant_mean, missing: trade_to_trade}]"
        ),
        *("bad-value", 5, 41, "remove one of the two"),
    ),
    (
        design("instruments: [{id: X, calendar: XNYC, timezone: America/New_York}]"),
        *("bad-calendar", 3, 33, "did you mean 'XNYS'?"),
    ),
    (
        design("instruments: [{id: X, calendar: XNYS, timezone: Asia/Shanghai}]"),
        *("zone-mismatch", 3, 49, "write `timezone: America/New_York`"),
    ),
    (
        event("announced: 2027-01-04"),
        *("beyond-calendar", 6, 16, "after 2026-12-31, the last day that the calendar XSHG is"),
    ),
    (
        design("accept: [{check: bar-ordr, reason: a}]"),
        *("not-a-choice", 3, 18, "did you mean 'bar-order'?"),
    ),
    (design("accept: [{check: bar-order}]"), "missing-key", 3, 10, "add the line `reason: ...`"),
    (
        design("accept: [{check: jumps, asset: CSI30, reason: a}]"),
        *("unknown-instrument", 3, 32, "did you mean 'CSI300'?"),
    ),
    (
        design("accept: [{check: jumps, reason: a}, {check: jumps, reason: b}]"),
        *("duplicate-entry", 3, 45, "keep one"),
    ),
    (
        design("accept: [{check: second-source, reason: a}]"),
        *("no-effect", 3, 18, "means nothing without `second_source`"),
    ),
    (design("second_source: snapshot"), "no-effect", 3, 16, "agrees with itself"),
    (design("second_source: yaho"), "unknown-name", 3, 16, "did you mean 'yahoo'?"),
]


@pytest.mark.parametrize(
    ("text", "code", "line", "column", "words"), ONE_MISTAKE, ids=[case[1] for case in ONE_MISTAKE]
)
def test_one_mistake_gives_one_message_at_its_place(tmp_path, text, code, line, column, words):
    """The place is that of the key or value itself; the message says what to do."""
    found = problems(tmp_path / "study.yaml", text)
    assert [problem[:3] for problem in found] == [(code, line, column)]
    assert words in found[0][3]


def test_all_mistakes_are_reported_at_once_from_top_to_bottom(tmp_path):
    """From the structure of the file, its values, and values that do not fit together."""
    text = (
        "format: 1\ntitle: T\ntitle: U\nreturns: lgo\nestimation: [-100, -5]\nmodels: [markt]\n"
        "events:\n  - {id: A, announced: 2023-02-31, title: a, until: 1990-01-01, x: !!str y}\n"
        "  - {id: A, announced: 2023-08-27, title: *b, assets: [SPX]}\n"
    )
    assert [(code, line) for code, line, _, _ in problems(tmp_path / "study.yaml", text)] == [
        ("repeated-key", 3),
        ("not-a-choice", 4),
        ("window-overlap", 5),
        ("unknown-name", 6),
        ("bad-date", 8),
        ("unknown-key", 8),
        ("tag", 8),
        ("duplicate-id", 9),
        ("alias", 9),
        ("asset-not-studied", 9),
    ]


def test_the_message_has_place_path_code_line_and_caret(tmp_path):
    """As the documentation shows it."""
    path = tmp_path / "study.yaml"
    [(_, _, _, text)] = problems(path, event("announced: 2023-02-31"))
    assert text == (
        f"{path}:6:16: events[0].announced: '2023-02-31' is not a date: February 2023 has 28 days"
        " [bad-date]\n        announced: 2023-02-31\n                   ^"
    )
