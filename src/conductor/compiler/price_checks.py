"""What a table of prices must be: each model once, each date a day, each baseline with a price."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from conductor.compiler.problems import Word
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
    if len(seen) < len(doc.price):
        return  # the price that a baseline lacks may be one of those that are there twice
    for index, name in enumerate(doc.savings.baselines):
        if name not in seen:
            word = Word(parsed, ("savings", "baselines", index))
            others = seen.difference(doc.savings.baselines)
            found = word.not_among(
                others,
                "no-price",
                f"the baseline `{name}` has no price",
                otherwise="add a `[[price]]` for it, or take it out",
            )
            yield replace(found, level=Level.WARNING)
