"""Study files broken at random: as text, or node by node so that validation is reached."""

from __future__ import annotations

from copy import deepcopy

import yaml

FULL = """\
format: 1
title: Every key of a study
description: A file that says everything
assets: [CSI300, HSTECH, LOCAL]
instruments:
  - {id: LOCAL, name: Local index, short: Local, calendar: XHKG, timezone: Asia/Hong_Kong,
     currency: HKD, kind: index, symbols: {snapshot: HSI}}
source: {name: snapshot}
returns: log
estimation: [-130, -11]
event_window: [-10, 20]
windows: [[0, 0], [0, 1], [1, 5]]
models:
  - constant_mean
  - {name: market, benchmark: SPX, lag: previous_close}
  - {name: market, label: home, benchmark: HSI}
statistics: [forecast_t, {name: bmp, label: standardised}]
min_observations: 100
max_dropped: 0.5
max_shift_days: 12
alpha: 0.05
seed: 1
events:
  - id: A
    title: First
    announced: 2023-08-27 18:00 +08:00
    timezone: Asia/Shanghai
    category: stamp_duty
    expected_sign: up
    assets: [CSI300]
    until: 2023-09-01
    end_known: true
    scheduled: false
    selection: rule
    first_session:
      XSHG: {session: 2023-08-28, reason: by hand}
    sources:
      - {title: Ministry, url: "https://example.org/x", date: 2023-08-27}
    reported:
      - {asset: CSI300, session: 2023-08-28, measure: "15:00", percent: 1.17, source: Paper}
    confounded_by: [ELSEWHERE]
    notes: Nothing
  - {id: B, title: Second, announced: 2024-01-24}
"""

ODD = (
    *("", " ", "null", "~", "nan", "-inf", "1e999", "9" * 400, "-1", "0", "1.5", "0x10", "1_000"),
    *("true", "no", "+", "all", "ALL", "../x", "a/b", "a" * 65, "x" * 5000, "A", "stamp_duty"),
    *(
        "2023-02-31",
        "2023-13-01",
        "0001-01-01",
        "9999-12-31",
        "2023-08-27 25:61",
        "2023-08-27T18:00",
    ),
    *(
        "2023-08-27 18:00 +23:00",
        "2023-03-12 02:30",
        "1693000000",
        "\uff12\uff10\uff12\uff13-\uff10\uff18-\uff12\uff17",
    ),
    *("Asia", "Asia/../Asia/Shanghai", "../../etc/passwd", "America/New_York", "CSI30", "SPX"),
    *(
        "\u202eevil",
        "\U0001f600",
        "\ufeff",
        "\x85",
        "\u2028",
        "a\tb",
        "a\nb",
        "<b>",
        "%s{0}{message}",
    ),
    *("market", "markte", "constant_mean", "snapshot", "javascript:alert(1)", "http://", "open"),
    *([], {}, [[]], ["CSI300"], ["5", "1"], ["-5", "-1"], ["-9" * 9, "0"], {"name": "market"}),
    *({"name": ["x"]}, {"name": "market", "benchmark": {"a": "b"}}, {"id": "A"}, {"": ""}, None),
)
"""Values that some key somewhere must refuse."""

SCRAPS = (
    *("\t", "\n", " ", ":", "- ", "[", "]", "{", "}", '"', "'", "#", "&a ", "*a", "!!str ", "!x "),
    *(
        "<<: ",
        "---\n",
        "...\n",
        "%YAML 1.1\n",
        "? ",
        "| ",
        ">",
        "\\",
        "\x00",
        "\x1b",
        "\ud7ff",
        "é",
    ),
    *("\u2028", "\ufeff", "[" * 60, "key: ", "id: A\n", "null", "@", "`", ",", "\r", "-" * 30),
)
"""Pieces of text that mean something to YAML, or must not."""


def as_text(text, draw):
    """Return bytes made from a text by a few cuts, copies, insertions and swaps."""
    for _ in range(draw.randint(1, 4)):
        start = draw.randrange(len(text) + 1)
        end = min(len(text), start + draw.choice((1, 1, 2, 5, 20, 200)))
        piece = draw.choice((draw.choice(SCRAPS), "", text[start:end] * 2, text[start:end][::-1]))
        text = text[:start] + piece + text[draw.choice((start, end)) :]
    content = bytearray(text.encode("utf-8", "surrogatepass"))
    if content and draw.random() < 0.1:
        content[draw.randrange(len(content))] = draw.randrange(256)
    return bytes(content)


def by_node(text, draw):
    """Return bytes of a study in which a few values, keys or entries are changed."""
    tree = yaml.load(text, Loader=yaml.BaseLoader)
    for _ in range(draw.randint(1, 4)):
        _change(draw.choice(list(_blocks(tree))), draw)
    return yaml.safe_dump(tree, allow_unicode=draw.random() < 0.5, sort_keys=False).encode()


def _blocks(node):
    """Yield every list and map that has something in it."""
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    if children:
        yield node
    for child in children:
        yield from _blocks(child)


def _change(block, draw):
    """Change one entry of a list or map in place."""
    place = draw.choice(list(block) if isinstance(block, dict) else range(len(block)))
    action = draw.choice(("replace", "replace", "replace", "drop", "double", "rename", "bury"))
    if action == "drop":
        del block[place]
    elif action == "double" and isinstance(block, list):
        block.insert(draw.randrange(len(block) + 1), deepcopy(block[place]))
    elif action == "rename" and isinstance(block, dict):
        block[draw.choice((place + "s", place[:-1], place.upper(), "zzz", "id"))] = block.pop(place)
    elif action == "bury":
        for _ in range(draw.choice((1, 2, 60))):
            block[place] = [block[place]]
    else:
        block[place] = deepcopy(draw.choice(ODD))
