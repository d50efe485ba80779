"""Whether the models of an ensemble fit together into this machine's memory."""

from __future__ import annotations

from conductor.adapters import machine
from conductor.adapters import models as servers
from conductor.app.ensembles import is_here
from conductor.app.run import Prepared
from conductor.app.settings import EMBEDDED
from conductor.core.capability import Model, size_of
from conductor.core.swapping import Swapping, swapping


def swaps(prepared: Prepared) -> Swapping | None:
    """Ask the servers of this machine for the sizes; None where nothing is known to swap."""
    bound = [one for one in prepared.bound.values() if is_here(one) and one.provider != EMBEDDED]
    wanted = {(one.base_url, one.model) for one in bound}
    if len(wanted) < 2:  # noqa: PLR2004 - one model has nothing to swap with
        return None
    found = {
        (model.base_url, model.name): model
        for url in {url for url, _ in wanted}
        for model in servers.installed(servers.probe(url))
    }
    sizes = {
        name: found.get(
            (url, name), Model(name=name, base_url=url, billion=size_of(name))
        ).memory_gigabytes
        for url, name in wanted
    }
    return swapping(sizes, machine.memory_gigabytes())
