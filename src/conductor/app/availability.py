"""Whether the model behind a profile can answer here. Servers are asked, never changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor

from conductor.adapters import embedded
from conductor.adapters.models import Server, probe
from conductor.app.settings import BINDINGS, EMBEDDED
from conductor.core.discovery import Obstacle, gone
from conductor.core.execution import Binding
from conductor.errors import OutsideError

_SHOWN = 4  # models of a server


def unavailable(bound: Mapping[str, Binding]) -> dict[str, Obstacle]:
    """Name what keeps each profile from running; a profile that can run is left out."""
    addresses = sorted({one.base_url for one in bound.values() if one.base_url})
    servers = dict(zip(addresses, _ask(addresses), strict=True))
    found = {name: _obstacle(name, one, servers) for name, one in bound.items()}
    return {name: obstacle for name, obstacle in found.items() if obstacle}


def insist_on(server: str, answers: Iterable[Server]) -> None:
    """Raise OutsideError where the server that somebody named is one that does not answer."""
    problem = next((one.problem for one in answers if one.base_url == server), "")
    if problem:
        hint = "start that server, or name another: --server http://HOST:PORT/v1"
        raise OutsideError(f"{server}: {problem}", hint=hint)


def listed(server: Server) -> str:
    """Name the models of a server, the first few of many."""
    shown = ", ".join(server.models[:_SHOWN])
    return f"{shown} …" if len(server.models) > _SHOWN else shown or "no models"


def _ask(addresses: Iterable[str]) -> Iterable[Server]:
    with ThreadPoolExecutor() as pool:
        return list(pool.map(probe, addresses))


def _obstacle(name: str, binding: Binding, servers: Mapping[str, Server]) -> Obstacle | None:
    if binding.provider == EMBEDDED:
        return _on_embedded()
    if obstacle := next(gone(binding.provider, f"the profile `{name}`"), None):
        return obstacle
    return _on_server(name, binding, servers[binding.base_url]) if binding.base_url else None


def _on_embedded() -> Obstacle | None:
    if not embedded.installed():
        what = "it runs on the embedded model, whose server is not installed"
        return Obstacle(what, f"{embedded.INSTALL}, or bind it elsewhere in {BINDINGS}")
    if embedded.find_model() is None:
        what = "it runs on the embedded model, which is not on this machine"
        return Obstacle(what, f"conductor demo, or bind it elsewhere in {BINDINGS}")
    return None


def _on_server(name: str, binding: Binding, server: Server) -> Obstacle | None:
    where = f"`{name}` is bound to {binding.model} at {binding.base_url}"
    if server.problem:
        fix = f"start that server, or bind the profile elsewhere in {BINDINGS}"
        return Obstacle(f"{where}: {server.problem}", fix)
    if binding.model not in server.models:
        fix = f"install it there, or bind one it has: {listed(server)}"
        return Obstacle(f"{where}, which does not have that model", fix)
    return None
