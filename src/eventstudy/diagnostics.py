"""What estimation residuals say of the model: whether they are correlated, restless or far from normal."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LAGS = 10
"""Autocorrelations of the residuals that are added up."""

ARCH_LAGS = 5
"""Lags of the squared residuals."""

FEWEST = 30
"""Residuals below which nothing is tested."""

FAR = 4.0
"""Standard deviations beyond which a residual is an outlier."""


class Diagnostics(NamedTuple):
    """Tests of the residuals of N estimation windows, each shape (N,); NaN for fewer than :data:`FEWEST`.

    Attributes
    ----------
    n : ndarray of int
        Residuals.
    autocorrelation : ndarray
        At lag 1.
    ljung_box_p, arch_p, jarque_bera_p : ndarray
        p-values: of no autocorrelation up to :data:`LAGS`, of a variance that does not follow the
        :data:`ARCH_LAGS` squared residuals before, of normality.
    outliers : ndarray of int
        Residuals beyond :data:`FAR` standard deviations.
    largest : ndarray
        The largest residual in absolute value, in standard deviations.
    """

    n: NDArray[np.int64]
    autocorrelation: Floats
    ljung_box_p: Floats
    arch_p: Floats
    jarque_bera_p: Floats
    outliers: NDArray[np.int64]
    largest: Floats


def diagnose(residuals: Floats) -> Diagnostics:
    """Test residuals, all windows together.

    Parameters
    ----------
    residuals : ndarray, shape (N, L)
        In the order of time; NaN where there is none, which is passed over.

    Notes
    -----
    With m residuals e of mean 0: Q = m (m + 2) sum_{k=1}^{K} r_k^2 / (m - k) against chi-square(K); LM =
    (m - q) R^2 of e_t^2 on a constant and its q lags against chi-square(q); JB = m / 6 (S^2 + (K - 3)^2 / 4)
    with skewness S and kurtosis K against chi-square(2). The coefficients of the model are not counted
    among the degrees of freedom.

    References
    ----------
    Ljung, G. M. and Box, G. E. P. (1978), Biometrika 65, 297-303. Engle, R. F. (1982), Econometrica 50,
    987-1007. Jarque, C. M. and Bera, A. K. (1980), Economics Letters 6, 255-259.
    """
    from scipy.special import chdtrc

    values, here = _packed(residuals)
    m = here.sum(axis=1)
    many = np.maximum(m, 1)
    centred = np.where(here, values - values.sum(axis=1, keepdims=True) / many[:, None], 0.0)
    moments = [(centred**power).sum(axis=1) / many for power in (2, 3, 4)]
    usable = (m >= FEWEST) & (moments[0] > 0)
    spread = np.where(usable, moments[0], np.nan)
    r = _autocorrelations(centred, many * spread)
    lags = np.arange(1, LAGS + 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        ljung_box = m * (m + 2) * (r**2 / (m[:, None] - lags)).sum(axis=1)
    skewness, kurtosis = moments[1] / spread**1.5, moments[2] / spread**2
    jarque_bera = m / 6 * (skewness**2 + (kurtosis - 3) ** 2 / 4)
    size = np.abs(centred) / np.sqrt(spread)[:, None]
    return Diagnostics(
        n=m,
        autocorrelation=r[:, 0],
        ljung_box_p=chdtrc(LAGS, ljung_box),
        arch_p=chdtrc(ARCH_LAGS, np.where(usable, _engle(centred, here), np.nan)),
        jarque_bera_p=chdtrc(2, jarque_bera),
        outliers=(size > FAR).sum(axis=1),
        largest=size.max(axis=1, initial=0.0),
    )


def _packed(residuals: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """Move the residuals of each window to the front, in their order; tell where they are."""
    order = np.argsort(np.isnan(residuals), axis=1, kind="stable")
    values = np.take_along_axis(residuals, order, axis=1)
    here = ~np.isnan(values)
    return np.where(here, values, 0.0), here


def _autocorrelations(centred: Floats, total: Floats) -> Floats:
    """Return the autocorrelations up to :data:`LAGS`, shape (N, LAGS); 0 of a lag beyond the window."""
    found = np.zeros((len(centred), LAGS))
    for lag in range(1, min(LAGS, centred.shape[1] - 1) + 1):
        found[:, lag - 1] = (centred[:, lag:] * centred[:, :-lag]).sum(axis=1)
    return found / total[:, None]


def _engle(centred: Floats, here: NDArray[np.bool_]) -> Floats:
    """Return Engle's LM statistic of ARCH effects, shape (N,); 0 where no window is long enough."""
    if centred.shape[1] <= ARCH_LAGS:
        return np.zeros(len(centred))
    squares, length = centred**2, centred.shape[1]
    lagged = [squares[:, ARCH_LAGS - lag : length - lag] for lag in range(1, ARCH_LAGS + 1)]
    used = here[:, ARCH_LAGS:]
    design = np.stack([np.ones(used.shape), *lagged], axis=2) * used[:, :, None]
    target = squares[:, ARCH_LAGS:] * used
    inverse = np.linalg.pinv(np.einsum("ntk,ntl->nkl", design, design), hermitian=True)
    moments = np.einsum("ntk,nt->nk", design, target)
    rest = target - np.einsum("ntk,nkl,nl->nt", design, inverse, moments, optimize=True)
    m = np.maximum(used.sum(axis=1), 1)
    total = (target**2).sum(axis=1) - target.sum(axis=1) ** 2 / m
    moving = total > 0
    explained = 1 - np.divide((rest**2).sum(axis=1), total, out=np.ones(len(total)), where=moving)
    return np.asarray(m * explained)
