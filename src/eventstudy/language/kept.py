"""Words that results keep in English, and that a report in another language translates.

Stages, checks, reasons and findings are data: the rooms below write them, and results hold them as they are.
"""

from __future__ import annotations

from eventstudy.language.reasons import REASONS

KEPT: tuple[str, ...] = (
    "PASS",
    "FAIL",
    "returns",
    "prices",
    "alignment",
    "estimation",
    "events",
    "open",
    "close",
    "high",
    "low",
    "Shanghai and Shenzhen",
    "Hong Kong",
    "New York",
    "{day} {time} Beijing time",
    "{when}: at or after the close of {market} at {close}; day 0 is the next session, {day}",
    "{when}: before the open of {market} at {open}; day 0 is {day}",
    "{when}: during the session of {market}; day 0 is {day}",
    "{when}: in the lunch break of {market}; day 0 is {day}",
    "{when}: {market} closed that day; day 0 is the next session, {day}",
    (
        "{day}, no time given: taken as before the open of the first session of {market} on or "
        "after that date; day 0 is {session}"
    ),
    "volatility {volatility}, past return {past}",
    "volatility {volatility}",
    "middle",
    "returns merged: a stratum had {some} candidates",
    "{some} assets; clustering by asset needs {least}",
    "fewer than {least} residuals",
    "residuals without spread",
    "{some} candidate days; {least} needed",
    "{some} event; {least} needed",
    "{some} events; {least} needed",
    "{some} signed event with a whole path; {least} needed",
    "{some} signed events with a whole path; {least} needed",
    "{group} rests on {some} dates; below {least} such errors reject too often",
    (
        "{group} rests on {some} dates; below {least} such errors reject too often; a joint test of "
        "{assets} assets needs {needed} dates"
    ),
    (
        "{group} rests on one of the dates: its residual there is zero, so such errors are far "
        "too small; iid takes the events as independent"
    ),
    "no event of this set could be studied",
    "no such event has days to be compared with",
    "not studied on {asset}",
    "price limits may have held day 0 of every signed event back",
    "takes the assets of one session for independent",
    "the data have no volume of {series}",
    "the estimation window begins before the series does, on {day}",
    "the estimation window begins on {first}, the returns of {asset} begin on {day}",
    "the rank is one of single sessions; it does not apply to a window",
    "the return of {asset} on day {tau} would hold {some} sessions: another market was closed before",
    "the same events as '{set}'",
    "the series begins on {first}, after day {tau}",
    "the series ends on {last}, before day {tau}",
    "the series has no value on day {tau}, {day}",
    "the sign was given after day 0, which the window holds",
    "too few candidate days in the stratum",
    (
        "a value is missing in the estimation window or the five sessions before, the series does "
        "not move there, or it has fewer than {least} sessions"
    ),
    "a value is missing in the window; the series runs from {first} to {last}",
    "residuals of AR({order}) are autocorrelated: Ljung-Box({lags}) p = {p}",
    "residuals of AR({order}) are autocorrelated: Ljung-Box({lags}) p < {p}",
    (
        "not measured: daily data have no price at {time}; {size} lies within the day's range of "
        "{low} to {high}"
    ),
    "not measured: daily data have no price at {time}; there is no low and high that day either",
    "not measured: the data have no close for the session before, {day}",
    "printed {reported}, measured {measured}: {points} points apart",
    "bars without trade",
    "benchmark on day 0",
    "episodes",
    "events before the launch",
    "events in estimation windows",
    "falls in estimation windows",
    "jumps",
    "moves beyond price limits",
    "order of open, high, low, close",
    "overlapping windows",
    "price limits",
    "prices without a session",
    "range of the series",
    "repeated closes",
    "sessions with a close only",
    "sessions without a price",
    "sign of a split",
    "values from before the launch",
    "{some} of {all} bars have an open outside their low and high",
    "{some} of {all} bars have one price all day and no volume",
    "{some} of {all} closes equal the close before",
    "{some} of {all} closes move by the ratio of a split, and stay there",
    "{some} of {all} closes were computed back by the owner of the index",
    "{some} of {all} closes were computed back by the owner of the index: {days}",
    "{some} of {all} days 0 moved by {size} per cent or more",
    "{some} of {all} days 0 moved by {size} per cent or more: {events}",
    (
        "{some} of {all} events follow a fall of more than {size} in {sessions} sessions, part of "
        "which is in the estimation window"
    ),
    (
        "{some} of {all} events follow a fall of more than {size} in {sessions} sessions, part of "
        "which is in the estimation window: {events}"
    ),
    "{some} of {all} events have another of this study in their estimation window",
    "{some} of {all} events have another of this study in their estimation window: {events}",
    "{some} of {all} events have closes from before the launch in a window",
    "{some} of {all} events have closes from before the launch in a window: {events}",
    (
        "{some} of {all} events share sessions of days {first} to {last} with another; {clusters} "
        "clusters lie apart"
    ),
    (
        "{some} of {all} events share sessions of days {first} to {last} with another or are "
        "confounded by one; {clusters} clusters lie apart"
    ),
    (
        "{some} of {all} events share sessions of days {first} to {last} with another or are "
        "confounded by one; {clusters} clusters lie apart: {events}"
    ),
    (
        "{some} of {all} events share sessions of days {first} to {last} with another or are "
        "confounded by one; {clusters} cluster lies apart"
    ),
    (
        "{some} of {all} events share sessions of days {first} to {last} with another or are "
        "confounded by one; {clusters} cluster lies apart: {events}"
    ),
    "{some} of {all} moves are larger than the limit of {size} per cent of most shares",
    "{some} of {all} prices are dated on a day that is no session",
    "{some} of {all} returns are larger than {size} sigma",
    "{some} of {all} sessions have no open, high and low",
    "{some} of {all} sessions have no open, high and low: {days}",
    "{some} of {all} sessions of the calendar have no price",
    "{some} of {all} sessions of the calendar have no price: {days}",
    "{some} of {all} sessions of the windows lie before or after the series",
    "{some} of {all} sessions of the windows lie before or after the series: {days}",
    "{event} lasts until {day}; its tests are those of its first day",
    (
        "{series} in {model} moved on day 0 of {some} of {all} events at {level} per cent, by chance "
        "{usual}"
    ),
    (
        "{series} in {model} moved on day 0 of {some} of {all} events at {level} per cent, by chance "
        "{usual}: {events}"
    ),
    "events there cannot be studied with this series; they are listed as dropped",
    "look whether the exchange was shut on these dates; no return is computed across them",
    "news abroad came with the event: the models differ there, read both",
    "no split of day 0 there; closing returns are not affected",
    "nobody could trade on these closes: read these events as a reconstruction",
    "nobody could trade on these closes; the events that rest on them are named below",
    "read them as the reaction to the beginning, and the episode in its own section",
    "tests over events take {some} independent ones: read n as {effective}",
    (
        "the mean expected of them is too low, and groups of them reject too often: compare with "
        "estimation: {window}"
    ),
    "their reaction is that of days 0 to +1, as on the days that they are compared with",
    "their residuals hold an event day: sigma is larger and p less small than it should be",
    "for one day only; a sum of days has another law",
    "{group} on day {tau} rests on {some} dates; below {least} such errors reject too often",
    (
        "{group} on day {tau} rests on one of the dates: its residual there is zero, so such "
        "errors are far too small; iid takes the events as independent"
    ),
    "day 0 differs between the markets: {first} on {one}, {second} on {other}",
    "the events of each side do not differ",
    "a return is missing in the window",
    "no trade on the session before the window, or on its last",
    "on a day of the window the events do not differ",
    "{series} has no returns",
    "no finite value",
    "no other stretch of this length in the data",
    "prices end on {day}, the episode on {end}",
    "a return is missing in the episode or the 20 sessions before",
    "chosen by a rule",
    "normal",
    "exact",
    "relabelled({draws})",
    "empirical({draws})",
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
    *REASONS,
)
"""Whole words of results, with a gap for what differs."""
