"""How what servers have, and where capability classes run, is shown."""

from __future__ import annotations

from dataclasses import asdict
from math import isfinite
from typing import TYPE_CHECKING

from conductor.cli import show

if TYPE_CHECKING:
    from conductor.app.models import Place, Survey
    from conductor.core.capability import Model


def servers(found: Survey) -> list[str]:
    """Write each server with what it has."""
    lines = []
    for name, server, models in found.servers:
        if server.problem:
            lines.append(f"{name}  {server.problem}")
            continue
        lines.append(f"{name}  {server.base_url}")
        lines.extend(f"  {_model(model)}" for model in models)
        if not models:
            lines.append("  no models")
    return [show.safe(line) for line in lines]


def _model(model: Model) -> str:
    size = f"{model.billion:.3g}B" if model.billion else "size unknown"
    disk = f", {model.gigabytes:.1f} GB" if model.gigabytes else ""
    return f"{model.name}  ({size}{disk}){'  leaves this machine' if model.remote else ''}"


def places(found: Survey) -> list[str]:
    """Write each class with where it runs, two lines each."""
    width = max(len(place.capability.name) for place in found.places)
    lines = []
    for place in found.places:
        one = place.capability
        span = (
            f"up to {one.max_billion:g}B"
            if not one.above_billion
            else (f"{one.above_billion:g}-{one.max_billion:g}B")
        )
        lines.append(f"{one.name:<{width}}  {span:<9}  {_runs_on(place)}")
        lines.append(f"{'':<{width}}  {'':<9}  trusted with {one.trusted_with}")
    return [show.safe(line) for line in lines]


def _runs_on(place: Place) -> str:
    if not place.binding.base_url:
        missing = ", not on this machine yet" if place.obstacle else ""
        return f"the embedded model, a stopgap{missing}"
    where = place.binding.model
    return f"{where}: {place.obstacle.what}" if place.obstacle else where


def following(found: Survey) -> str:
    """Say what to do next: bind what is there, or fetch what is worth it."""
    from conductor.app.models import proposals

    if proposals(found):
        return "next: conductor models bind"
    lines = [
        f"  conductor models pull {one.suggestion.model}\n    {one.sentence}"
        for one in found.offers
        if one.fits
    ]
    if not lines:
        return "next: conductor ensembles list"
    return "\n".join(["worth fetching, with Ollama running:", *lines])


def document(found: Survey) -> dict[str, object]:
    """Give the survey as JSON; unknown sizes and memory are null."""
    return {
        "memory_gigabytes": round(found.memory_gigabytes, 1)
        if isfinite(found.memory_gigabytes)
        else None,
        "servers": [
            {
                "name": name,
                "base_url": server.base_url,
                "problem": server.problem or None,
                "models": [asdict(model) for model in models],
            }
            for name, server, models in found.servers
        ],
        "offers": [
            {
                **asdict(one.suggestion),
                "memory_gigabytes": round(one.suggestion.memory_gigabytes, 1),
                "fits": one.fits,
                "unlocks": list(one.unlocks),
                "helps": list(one.helps),
            }
            for one in found.offers
        ],
        "classes": [
            {
                "name": place.capability.name,
                "above_billion": place.capability.above_billion,
                "max_billion": place.capability.max_billion,
                "trusted_with": place.capability.trusted_with,
                "provider": place.binding.provider,
                "model": place.binding.model or None,
                "problem": place.obstacle.what if place.obstacle else None,
                "candidates": [model.name for model in place.candidates],
                "ensembles": list(place.ensembles),
                "pulls": [asdict(one) for one in place.pulls],
            }
            for place in found.places
        ],
    }
