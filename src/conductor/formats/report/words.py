"""The words of a report: what each row of the account is called, and how numbers are written."""

from __future__ import annotations

from conductor.core import savings as account
from conductor.core.evidence import Tally
from conductor.core.price import Baseline, Tokens
from conductor.core.report import Superseded
from conductor.core.sampling import Stage
from conductor.core.savings import Savings
from conductor.formats.text import plural

LABELS = {
    account.JUDGED: "judged",
    account.UNJUDGED: "not judged, others of it were",
    account.UNKNOWN: "of forms that nobody judged",
    account.BRIEFS[0]: "briefs, judged: less to read",
    account.BRIEFS[1]: "briefs, others of them judged",
    account.BRIEFS[2]: "briefs that nobody judged",
    account.REJECTED: "turned down by checks",
    account.FAILED: "failed or stopped",
    account.CONTEXT: "skill and tools, by the day",
}
UNKNOWABLE = (
    "Claude might have written less or more for the same task: nobody measured that here.",
    "What Claude would have had to read is not booked, nor are sessions without a run.",
)
_SMALL = 1  # of a currency: below it four digits are shown


def number(value: int) -> str:
    """Write a count so that a minus is as wide as a digit."""
    return f"{value:,}".replace("-", "\N{MINUS SIGN}")


def headline(savings: Savings) -> str:
    """Say what is shown to be saved, in tokens."""
    written, read = savings.headline
    if written <= 0:
        return "No saving is shown yet: what was judged may have cost more than it saved."
    return (
        f"Shown by judged outputs: Claude wrote at least {number(written)} tokens less, and read at"
        f" most {number(-read)} more."
    )


def money(amount: float, currency: str) -> str:
    """Write an amount; small ones are not rounded to nothing."""
    digits = 2 if abs(amount) >= _SMALL or not amount else 4
    return f"{amount:,.{digits}f}".replace("-", "\N{MINUS SIGN}") + f" {currency}"


def between(one: Baseline, low: Tokens, high: Tokens) -> str:
    """Write the range of an amount at a baseline's price."""
    if one.price is None:
        return ""
    least, _, currency = money(one.price.of(low), one.price.currency).partition(" ")
    return f"{least} to {money(one.price.of(high), currency)}"


def price(one: Baseline) -> str:
    """Say which price was used, and of which day."""
    if one.price is None:
        return "no price in policy/models.toml"
    return f"{one.price.input:g} in, {one.price.output:g} out, of {one.price.date}"


def interval(tally: Tally) -> str:
    low, high = tally.interval_percent
    return f"{low}-{high} %"


def stage(found: Stage) -> str:
    """Give the state with its reason."""
    word = f"{found.state}: "
    return f"{word}{found.reason.removeprefix(word)}"


def proofs(found: Stage) -> str:
    """Say how far each test is from calling an ensemble established; empty when both do."""
    missing = [
        f"after about {plural(one.needed_uses, 'more use')} by `{one.name}`"
        for one in found.proofs
        if not one.passed
    ]
    return f"established {', '.join(missing)}" if missing else ""


def superseded(older: Superseded) -> str:
    """Say which evaluations lapsed, and which part of the closure made them."""
    judged = plural(older.evaluations, "earlier evaluation")
    verb = "counts" if older.evaluations == 1 else "count"
    if older.changes is None:
        return f"{judged} no longer {verb}: the ensemble was another one then"
    parts = ", ".join(f"{kind} {name} {how}" for kind, name, how in older.changes)
    return f"{judged} no longer {verb}: {parts}"


def share(part: int, whole: int) -> str:
    """Write a share in whole percent; empty without anything to share."""
    return f"{part * 100 / whole:.0f} %" if whole else ""
