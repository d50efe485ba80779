"""What a table of prices must be: each model once, each date a day, each baseline with a price."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from conductor.compiler.problems import nearest
from conductor.compiler.source_models import ModelsDoc
from conductor.compiler.text import Parsed
from conductor.core.finding import Finding, Level


def check_prices(parsed: Parsed, doc: ModelsDoc) -> Iterator[Finding]:
    """Find prices that contradict each other, and baselines that have none."""
    seen: set[str] = set()
    for index, one in enumerate(doc.price):
        if one.model in seen:
            yield Finding(
                name="contradicting-number",
                message=f"`{one.model}` has a price already",
                at=parsed.at("price", index, "model"),
                hint="keep the one that holds now",
            )
        seen.add(one.model)
        try:
            date.fromisoformat(one.date)
        except ValueError:
            yield Finding(
                name="wrong-date",
                message=f"`{one.date}` is no day of the calendar",
                at=parsed.at("price", index, "date"),
                hint="write the day on which the source said so, as in `2026-11-23`",
            )
    for index, name in enumerate(doc.savings.baselines):
        if name not in seen:
            yield Finding(
                name="no-price",
                message=f"the baseline `{name}` has no price",
                at=parsed.at("savings", "baselines", index),
                hint=nearest(name, seen, otherwise="add a `[[price]]` for it, or take it out"),
                level=Level.WARNING,
            )
