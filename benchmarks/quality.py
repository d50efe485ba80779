"""Quality against calls to Claude, as the graded score orders the tasks, next to plainer orders.

    python benchmarks/quality.py [FILE.jsonl] [KEY=VALUE]…

Each line has `prompt` or `text`, and either `weak` and `strong`, how well a small and a frontier
model did it (0 to 1), or a label: `gold_route`, `LOCAL` or `CLAUDE`. A label stands for `weak` 1 or
0 and `strong` 1, so that the curve then says how well an order agrees with whoever labelled, never
how well a small model would have done. KEY=VALUE keeps the rows that have it; several values of one
key are alternatives. Without a file, the texts of tests/own_words.yaml are taken, which the signals
were changed for.

Metrics as in RouteLLM (arXiv 2406.18665): c is the share of calls that goes to Claude, PGR(c) =
(quality - weak) / (strong - weak), APGR the area under it, CPT(x) the smallest c with PGR >= x.
Tasks with the same score go to Claude in random order, so their part of the curve is a straight
line. A decision alone makes two such groups. Intervals are of 300 bootstrap samples of the rows.
"""

from __future__ import annotations

import json
import random
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from pathlib import Path
from typing import NamedTuple

import yaml

from conductor.adapters import files
from conductor.app.build import bundle_text
from conductor.core import bundle
from conductor.core.decide import decide
from conductor.core.scoring import LOCALLY

SAMPLES = 300
OWN = Path(__file__).parents[1] / "tests/own_words.yaml"
_NUMBER = re.compile(r"\d+")


class Row(NamedTuple):
    """A task with the quality of both models, and what the orders look at."""

    text: str
    weak: float
    strong: float
    score: int
    local: bool


Point = tuple[float, float]  # share of calls to Claude, PGR


def read(path: str, wanted: Sequence[str]) -> Iterator[tuple[str, float, float]]:
    """Give text, weak and strong quality of the rows that somebody labelled or measured."""
    if not path:
        for row in yaml.safe_load(OWN.read_text()):
            if row.get("local") is not None:
                yield str(row["text"]), float(row["local"]), 1.0
        return
    keys = {key: {pair.partition("=")[2] for pair in wanted if pair.startswith(f"{key}=")}
            for key in (pair.partition("=")[0] for pair in wanted)}  # fmt: skip
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if any(str(row.get(key)) not in values for key, values in keys.items()):
            continue
        text = row["prompt"] if "prompt" in row else row["text"]
        if "weak" in row:
            yield text, float(row["weak"]), float(row["strong"])
        elif row.get("gold_route"):
            yield text, float(row["gold_route"] == "LOCAL"), 1.0


def curve(rows: Sequence[Row], order: Callable[[Row], float]) -> list[Point]:
    """Send tasks to Claude by rising `order`, those of one value together."""
    weak, strong = sum(row.weak for row in rows), sum(row.strong for row in rows)
    points, sent, quality = [(0.0, 0.0)], 0, weak
    for _, group in groupby(sorted(rows, key=order), key=order):
        for row in group:
            sent += 1
            quality += row.strong - row.weak
        points.append((sent / len(rows), (quality - weak) / (strong - weak)))
    return points


def apgr(points: Sequence[Point]) -> float:
    return sum((right[0] - left[0]) * (left[1] + right[1]) / 2 for left, right in pairwise(points))


def cpt(points: Sequence[Point], wanted: float) -> float:
    """Find the smallest share of calls at which so much of the gap is recovered."""
    for (c0, p0), (c1, p1) in pairwise(points):
        if p1 >= wanted:
            return c1 if p1 == p0 else c0 + (c1 - c0) * max(0.0, wanted - p0) / (p1 - p0)
    return 1.0


ORDERS: dict[str, Callable[[Row], float]] = {
    "random": lambda _: 0.0,
    "longer texts to Claude": lambda row: -len(row.text),
    "shorter texts to Claude": lambda row: len(row.text),
    "more numbers to Claude": lambda row: -len(_NUMBER.findall(row.text)),
    "decision alone": lambda row: float(row.local),
    "graded score": lambda row: row.score,
    "oracle (knows the answers)": lambda row: row.weak - row.strong,
}


def interval(rows: Sequence[Row], order: Callable[[Row], float]) -> tuple[float, float]:
    dice = random.Random(20261125)  # noqa: S311 - a sample, not a secret
    found: list[float] = []
    while len(found) < SAMPLES:
        sample = dice.choices(rows, k=len(rows))
        if sum(row.strong - row.weak for row in sample):
            found.append(apgr(curve(sample, order)))
    found.sort()
    return found[int(SAMPLES * 0.025)], found[int(SAMPLES * 0.975) - 1]


def drawn(points: Sequence[Point]) -> Iterator[str]:
    """Tell the curve at ten places."""
    for tenth in range(1, 10):
        wanted = tenth / 10
        yield f"{wanted:4.0%} of the gap at {cpt(points, wanted):5.1%} of the calls"


def rows_of(found: Iterable[tuple[str, float, float]]) -> list[Row]:
    policy = bundle.load(bundle_text(files.packaged()))
    rows = []
    for text, weak, strong in found:
        decision = decide(policy, text=text)
        rows.append(Row(text, weak, strong, decision.score, decision.outcome in LOCALLY))
    return rows


def main(path: str = "", *wanted: str) -> None:
    rows = rows_of(read(path, wanted))
    gap = sum(row.strong - row.weak for row in rows)
    if not gap:
        print("no row on which the models differ: there is nothing to recover")
        return
    scores = {row.score for row in rows}
    print(f"{len(rows)} tasks of {path or OWN.name}, {len(scores)} values of the score")
    weak, strong = (
        sum(one) / len(rows) for one in ([r.weak for r in rows], [r.strong for r in rows])
    )
    print(f"quality from {weak:.3f} (small models do all) to {strong:.3f} (Claude does)\n")
    print(f"{'order':<28}{'APGR':>6}  {'95 % interval':<15}{'CPT50':>7}{'CPT80':>7}{'CPT95':>7}")
    for name, order in ORDERS.items():
        points = curve(rows, order)
        low, high = interval(rows, order)
        shares = "".join(f"{cpt(points, one):7.1%}" for one in (0.5, 0.8, 0.95))
        print(f"{name:<28}{apgr(points):6.3f}  {low:.3f} to {high:.3f} {shares}")
    print("\ngraded score")
    print("\n".join(drawn(curve(rows, ORDERS["graded score"]))))


if __name__ == "__main__":
    main(*sys.argv[1:])
