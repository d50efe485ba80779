"""The prices that the policy states, as the report needs them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from conductor.core.price import Baseline, Price


def baselines(models: Mapping[str, Any], today: str) -> tuple[Baseline, ...]:
    """Give each baseline of `models` with its price; `today` decides which are stale."""
    told = models["savings"]
    prices = {one["model"]: _price(one) for one in models["price"]}
    return tuple(
        Baseline(
            model=model,
            price=(price := prices.get(model)),
            stale=price is not None and _days(price.date, today) > told["stale_days"],
        )
        for model in told["baselines"]
    )


def _price(document: Mapping[str, Any]) -> Price:
    return Price(**{name: value for name, value in document.items() if name != "model"})


def _days(since: str, today: str) -> int:
    return (date.fromisoformat(today) - date.fromisoformat(since)).days
