"""Tests that may be looked at after every result: for a share above a bound, and for a change.

Sources: Ville's inequality (J. Ville, 1939; for betting on means, Waudby-Smith and Ramdas,
arXiv 2010.09686) and the CUSUM procedure (Page, Biometrika 41, 1954) with Lorden's bound on its
false alarms (Annals of Mathematical Statistics 42, 1971).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, floor, inf, lgamma, log


def evidence_above(accepted: int, judged: int, share: float) -> float:
    """Give what a fair bet against "at most `share` are accepted" has made of one unit.

    The bet is spread evenly over every share above: E = mean over q in (share, 1) of
    q^k (1-q)^(n-k) / (share^k (1-share)^(n-k)). If the true share is at most `share`, E is a
    nonnegative supermartingale that begins at 1, so it ever reaches 1/a with a probability of at
    most a, however often one looks.
    """
    rejected = judged - accepted
    # The integral is a Beta function times a tail, and the tail is that of a binomial:
    # P(Beta(k+1, n-k+1) > share) = P(Binomial(n+1, share) <= k).
    tail = _log_at_most(accepted, judged + 1, share)
    beta = lgamma(accepted + 1) + lgamma(rejected + 1) - lgamma(judged + 2)
    under = log(1 - share) + accepted * log(share) + rejected * log(1 - share)
    return _exp(beta + tail - under)


def still_needed(accepted: int, judged: int, share: float, wanted: float) -> int:
    """Count the further results, all of them accepted, after which the bet has made `wanted`."""
    if evidence_above(accepted, judged, share) >= wanted:
        return 0
    low, high = 0, 1  # INVARIANT: `low` is not enough; each accepted result makes the bet grow
    while evidence_above(accepted + high, judged + high, share) < wanted:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        enough = evidence_above(accepted + middle, judged + middle, share) >= wanted
        low, high = (low, middle) if enough else (middle, high)
    return high


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """When signs of trouble count as a change: shares in (0, 1), `normal` below `drifted`."""

    normal: float
    drifted: float
    false_alarm_uses: int  # without a change, an alarm comes later than this on average

    @property
    def height(self) -> float:
        """Give the level that is an alarm: Lorden, mean uses to a false alarm >= e^height."""
        return log(self.false_alarm_uses)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """A change that was noticed: so many signs in the last uses, since it probably began."""

    signs: int
    uses: int


def alarm(drift: Drift, signs: Sequence[bool]) -> Alarm | None:
    """Find the first alarm in a sequence of uses, oldest first; True is a sign of trouble."""
    up = log(drift.drifted / drift.normal)
    down = log((1 - drift.drifted) / (1 - drift.normal))
    level, began = 0.0, 0
    for number, sign in enumerate(signs):
        level += up if sign else down
        if level <= 0.0:
            level, began = 0.0, number + 1
        elif level >= drift.height:
            seen = signs[began : number + 1]
            return Alarm(signs=sum(seen), uses=len(seen))
    return None


def _log_at_most(most: int, trials: int, share: float) -> float:
    """Give the logarithm of P(X <= most) of a binomial.

    The terms are added from the largest one on, in units of it, until they no longer count: of a
    million trials that leaves a few thousand.
    """
    odds = share / (1 - share)
    peak = min(most, floor((trials + 1) * share))
    total = term = 1.0
    for number in range(peak, 0, -1):
        term *= number / ((trials - number + 1) * odds)
        total += term
        if term < _NEGLIGIBLE:
            break
    term = 1.0
    for number in range(peak, most):
        term *= (trials - number) * odds / (number + 1)
        total += term
        if term < _NEGLIGIBLE:
            break
    ways = lgamma(trials + 1) - lgamma(peak + 1) - lgamma(trials - peak + 1)
    largest = ways + peak * log(share) + (trials - peak) * log(1 - share)
    return min(0.0, largest + log(total))


_NEGLIGIBLE = 1e-18  # of the largest term
_LARGEST = 700.0  # e to this is still a float


def _exp(value: float) -> float:
    return exp(value) if value < _LARGEST else inf
