"""What a study is answered from: its file, prices of its sources, events of other files."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np

from eventstudy.sources.base import Access
from eventstudy.sources.fingerprint import fingerprint
from eventstudy.study.beside import other_prices
from eventstudy.study.comparison import away_from
from eventstudy.study.fetching import fetch
from eventstudy.study.proxies import with_proxies

if TYPE_CHECKING:
    from eventstudy.quality import Other
    from eventstudy.sources.base import Prices
    from eventstudy.spec import Event, Study, StudyFile


@dataclass(frozen=True, slots=True, eq=False)
class Inputs:
    """All that the numbers of a study are made of, apart from the program.

    Attributes
    ----------
    file : StudyFile
        The study and the file it came from.
    study : Study
        The same with what stands in for its instruments.
    prices : Prices
        Of everything that the study looks at.
    beside : tuple of Other or str
        What the prices are held against, or why it cannot be had.
    others : tuple of Event
        Events of other files near which no day is an ordinary one.
    """

    file: StudyFile
    study: Study
    prices: Prices
    beside: tuple[Other | str, ...]
    others: tuple[Event, ...]

    def fingerprint(self) -> str:
        """Return one hash for all of them, 64 hexadecimal digits: equal inputs give equal numbers."""
        said = {
            "file": [self.file.path.name, self.file.sha256, self.study.model_dump(mode="json")],
            "prices": _known(self.prices),
            "beside": [
                each if isinstance(each, str) else [each.name, each.words, _known(each.prices)]
                for each in self.beside
            ],
            "others": [event.model_dump(mode="json") for event in self.others],
        }
        return sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def gather(
    file: StudyFile, *, prices: Prices | None = None, access: Access | None = None
) -> Inputs:
    """Return what a study is answered from; parameters and errors as of :func:`~eventstudy.study.run_study`."""
    access = access or Access(file.path.parent, now=np.datetime64("now", "s"))
    prices = prices or fetch(file.study, access)
    study = with_proxies(file.study, prices)
    beside = tuple(other_prices(study, prices, access))
    return Inputs(file, study, prices, beside, away_from(file))


def _known(prices: Prices) -> list[object]:
    """Return what is known of some prices: their content, and where they come from."""
    return [fingerprint(prices), [asdict(each) for each in prices.series]]
