"""Why something could not be computed, what checks found and what to do: as the rooms below write it."""

from __future__ import annotations

REASONS: tuple[str, ...] = (
    (
        "{when}: the first session of {market} able to react is {day}, {shift} later and more than "
        "max_shift_days = {limit}; not placed"
    ),
    "{when}: outside the known sessions of {market}, {first} to {last}; not placed",
    "{when}: day 0 of {market} set by hand to {day}: {why}",
    "{when}: day 0 of {market} set by hand to {day}, which is no session there; not placed",
    "all sessions: too few candidates in a stratum",
    "the events do not differ: no spread to divide by",
    "all residuals have one sign",
    "1 + (N - 1) r is not positive: the average correlation is too negative",
    "{some} session in calendar time; {least} needed",
    "{some} sessions in calendar time; {least} needed",
    "{some} sessions in calendar time; {lags} lag needs {least}",
    "{some} sessions in calendar time; {lags} lags need {least}",
    "the portfolio does not vary over its sessions",
    "the mean residual does not vary over the estimation window",
    "the estimation window leaves no residual variance",
    "the events do not differ",
    "without one of the events the others do not differ",
    "the pseudo-values of the events do not differ",
    "more than 2 degrees of freedom needed in {some} event",
    "more than 2 degrees of freedom needed in {some} events",
    "{some} cluster has events on both sides and cannot change sides as a whole",
    "{some} clusters have events on both sides and cannot change sides as a whole",
    "there are no other events to hold the group against",
    "the model has no leverage of its estimation days",
    "two-sided only: one-sided p-values are given under N(0, 1) and t laws",
    "all events are one cluster: nothing to hold it against",
    "{some} return for a variance that changes; {least} needed",
    "{some} returns for a variance that changes; {least} needed",
    "the likelihood of the {kind} variance has no maximum that can be found",
    "the egarch variance depends on where it starts: its parameters are not invertible",
    "the {kind} variance grows without bound",
    "the model fits the estimation window exactly: no residual is left to test against",
    "{some} return for {parameters} parameters",
    "{some} returns for {parameters} parameters",
    "the regressor of {series} does not vary, or is a combination of the others",
    (
        "the regressor of {series} does not vary, or is a combination of the others, in the estimation window"
    ),
    "{some} return in the estimation window; {least} needed",
    "{some} returns in the estimation window; {least} needed",
    "the robust regression finds no line: too many returns are equal",
    "the benchmark does not vary, or its leads and lags leave no beta, in the estimation window",
    "{some} return for {regressors} regressors",
    "{some} returns for {regressors} regressors",
    "the estimation window begins before the calendar, the returns of {asset} begin on {day}",
    "{some} of {all} returns in the estimation window; {least} needed",
    (
        "{some} of {all} returns in the estimation window, those near other events left out; {least} needed"
    ),
    "day 0 lies beyond the calendar",
    "no return on day 0, {day}",
    "a value is missing in the 20 sessions before",
    "{some} candidate day; {least} needed",
    "returns are measured from trade to trade, not session by session",
    "{some} sessions are more than {most}",
    "{some} of {all} values in the estimation window; {least} needed",
    "no session on or after the event; the last is {day}",
    "there are no returns of this asset",
    "the first session on or after the event is {day}, {some} day later",
    "the first session on or after the event is {day}, {some} days later",
    "{some} date of {file} is no session of {other}: not used",
    "{some} dates of {file} are no sessions of {other}: not used",
    "{some} session of {file} is not in {other}: missing there",
    "{some} sessions of {file} are not in {other}: missing there",
    "{some} event has no {column}: left out of the regressions that use it",
    "{some} events have no {column}: left out of the regressions that use it",
    "{some} event has no {column}: part of {group} only",
    "{some} events have no {column}: part of {group} only",
    (
        "event_time: coefficients are differences to the days outside {days}, beside effects of assets and "
        "dates"
    ),
    (
        "events that repeat the asset and day 0 of another: {some}; the same returns count more than once, "
        "remove them unless that is meant"
    ),
    (
        "{model}: {some} event has fewer than {least} returns in the estimation window, see n_obs in "
        "parameters.csv"
    ),
    (
        "{model}: {some} events have fewer than {least} returns in the estimation window, see n_obs in "
        "parameters.csv"
    ),
    "the returns before the event do not vary",
    "the {kind} variance of the returns before the event did not converge",
    "egarch has no variance forecast for days after day 0",
    "{some} return in the {sessions} before the event; {least} needed",
    "{some} returns in the {sessions} before the event; {least} needed",
    "the variance of the model depends on the order of the sessions, which is permuted",
    "{some} earlier block: no p below {floor}, so no effect is excluded at {level}",
    "{some} earlier blocks: no p below {floor}, so no effect is excluded at {level}",
    "the estimation window is too short for its length",
    "the model is not linear in the returns",
    "as few as {some} candidate day for {few} of {events} to move to; {least} needed",
    "as few as {some} candidate days for {few} of {events} to move to; {least} needed",
    "together with the other assets: {reason}",
    "no returns over the 20 sessions before",
    "not measured: {reason}",
    "daily data have no price at {time}",
    "{size} lies within the day's range of {low} to {high}",
    "{size} lies outside the day's range of {low} to {high}",
    "there is no low and high that day either",
    "the data have no {price} for {day}",
    "the data have no close for the session before, {day}",
    "{asset} is not among the prices of this study",
    "printed of {asset}; the prices are those of the {series}",
    "{day} is no session of {market}",
    "the model takes away what moved both: read a model without a Chinese benchmark beside it",
    "the model takes away what moved the whole market: read a model without it beside this one",
    ("{some} of {all} events share sessions of {days} with another; {clusters} cluster lies apart"),
    (
        "{some} of {all} events share sessions of {days} with another; {clusters} cluster lies apart: "
        "{events}"
    ),
    (
        "{some} of {all} events share sessions of {days} with another or are confounded by one; {clusters} "
        "clusters lie apart"
    ),
    (
        "{some} of {all} events have another of this study in their estimation window; {days} of every event "
        "of the {events} are left out there: {fewest} to {most} of {window}, {mean} on average"
    ),
    "the study asks for flows, and the source {source} has none",
    "read the study without them, or take a source that has them",
    "accepted by the study: {reason}",
    "the second source could not be had, so that nothing is held against it: {reason}",
    "run again when it can be had, or remove `second_source`",
    "the study accepts {check}, and that check finds nothing",
    "remove the entry, so that it cannot hide anything later",
    "accepted: {check}",
    "level against the embedded data",
    "{some} of {all} closes are more than {size} from {other}",
    "{some} of {all} closes are more than {size} from {other}: {days}",
    "{some} of {all} returns are more than {size} from {other}",
    "{some} of {all} returns are more than {size} from {other}: {days}",
    "the embedded data",
    "the second source",
    "close {size} above {other}",
    "close {size} below {other}",
    "return {size} above {other}",
    "return {size} below {other}",
    (
        "look up which is right with the owner of the series; what rests on these sessions is in doubt"
    ),
    "most sessions differ: look whether both mean the same series, in the same currency",
    "{other} has no close on a session that counts",
    "take another second source",
    "look whether the calendar or the date is wrong; these prices are not used",
    (
        "{some} of {all} bars have an open or close outside their low and high, or a price that is not "
        "positive"
    ),
    "take these sessions from another source",
    "open, high, low and close contradict each other",
    (
        "the split of day 0 into night and session is in doubt there; closing returns are not affected"
    ),
    "an open outside low and high",
    "look whether nothing traded, or the source fills a gap with the price before",
    "one price all day and no volume",
    "look whether the source repeats a stale price",
    "the close equals the close before",
    "look whether the close is a misprint, or a split that is not adjusted for",
    "a return of more than {size} sigma",
    "look whether the return is a misprint, or a split that is not adjusted for",
    "possible where shares with wider limits weigh much: look whether the close is a misprint",
    "a move beyond the price limit of most shares",
    "{some} of {all} moves are larger than any share in the index may move",
    "a move beyond all price limits",
    "take closes that are adjusted for splits; if they are, look whether the wrong way round",
    "a move by the ratio of a split",
    (
        "the source gives simple returns and no prices: they are used as they are; day 0 has no overnight "
        "part, and no level is drawn"
    ),
    (
        "the source gives simple returns and no prices: they are used as log(1 + r); day 0 has no overnight "
        "part, and no level is drawn"
    ),
    "returns instead of prices",
    "the variance of the estimate is not positive",
    (
        "{term} rests on one of the {units}: its residual there is zero, so such errors are far too small; "
        "iid takes the events as independent"
    ),
    "{term} rests on {some} {units}; below {least} such errors reject too often",
    "all events have one {column}: no clusters to compare",
    "the terms fit the CARs exactly: no residual is left",
    "{some} event for {coefficients}; more events than coefficients are needed",
    "{some} events for {coefficients}; more events than coefficients are needed",
    "constant over the {some} events: {terms}; leave out what does not vary",
    "a combination of the terms before it: {terms}; leave out one of them",
    (
        "effects of assets and dates explain {terms}, or a combination of them: leave out a further day, or "
        "add assets and days without an event"
    ),
    "no return on {terms}",
    "{some} of {dates} left out: too few different events for {coefficients}",
    (
        "{some} of {dates} left out: too few different events for {coefficients}; at least {least} others "
        "are needed"
    ),
    "{some} date; below {least} Newey-West errors reject too often",
    "{some} dates; below {least} Newey-West errors reject too often",
    "{some} date; Newey-West errors need at least {least}",
    "{some} dates; Newey-West errors need at least {least}",
    "{reason}; a joint test of {assets} assets needs {needed} dates",
    "no return of all assets on the sessions of {term}",
    "the sessions of {term} are a combination of those of the other terms",
    "{some} day away from every event; {least} needed",
    "{some} days away from every event; {least} needed",
    "the reactions do not differ",
    "the assets are pooled, and these are numbers of one asset",
    "{asset} would be its own benchmark",
    "it ends on {end}, before its day 0",
    "the announcement has no session here",
    "returns from trade to trade, and regressors of other sessions, make no system",
    "no event is in the set {set}",
    "the data have no {price} of {series}",
    "{series} holds simple returns, which do not mix with log returns",
    "returns from trade to trade are log returns",
    "a return of the window is missing",
    "too few dates for a joint test with these errors",
    "equations that do not share their regressors have no exact joint test",
    (
        "the expected returns are no regression on a constant: equations that do not share their regressors "
        "have no exact joint test"
    ),
    (
        "the regressors {series} differ between the markets of the assets: equations with regressors of "
        "their own have no exact joint test"
    ),
    "there is no session on which all assets and all regressors have a return",
    "day 0 differs between the markets: {days}",
    "no return of all assets on day 0, {day}",
    "{some} session without a price, kept as missing",
    "{some} sessions without a price, kept as missing",
    "{some} past {price} not as in the download of {when}, first {day}",
    "no new prices on {today}: the download of {when} is used, {age} ({why})",
    "of the same day",
    "not from {source} ({why})",
    "sessions without a price not filled from {source} ({why})",
    "{some} session",
    "{some} sessions",
    "{some} coefficient",
    "{some} coefficients",
    "{some} event",
    "{some} events",
    "{some} date",
    "{some} dates",
    "{some} day",
    "{some} days",
    "{some} day old",
    "{some} days old",
    "dates",
    "clusters",
    "regressions.csv: {some} of {coefficients} is marked {status}, each with the reason",
    "regressions.csv: {some} of {coefficients} are marked {status}, each with the reason",
)
"""Whole sentences of results, with a gap for what differs; ``some`` is a number."""
