"""Whether the engine loads an ensemble in a home that holds nothing but its closure."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from conductor.adapters.llm_orc.engine import open_engine

# What is about servers is no matter of the closure; everything else is a thing that is not there.
_ELSEWHERE = {"ready", "provider_unavailable", "model_unavailable"}


def why_not_apart(name: str, contents: Mapping[str, bytes], command: str = "llm-orc") -> str:
    """Say why the engine refuses it as its global tier; empty when it loads. Nothing runs.

    `contents` is by path in the tier. Raises OutsideError when there is no engine that answers.
    """
    with tempfile.TemporaryDirectory(prefix="conductor-") as folder:
        for path, data in contents.items():
            place = Path(folder, "config/llm-orc", path)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
        with open_engine(folder, command) as engine:
            return engine.why_not_loadable_by_name(name) or _missing(engine.dependencies(name))


def without_addresses(document: Mapping[str, Any]) -> bytes:
    """Write a document so that the engine, which asks every server it reads of, asks nobody."""
    return json.dumps(_stripped(document)).encode()


def _stripped(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _stripped(inner) for key, inner in value.items() if key != "base_url"}
    return [_stripped(inner) for inner in value] if isinstance(value, list) else value


def _missing(dependencies: list[dict[str, Any]]) -> str:
    for one in dependencies:
        if one.get("status") not in _ELSEWHERE:
            return f"{one.get('kind')} `{one.get('name')}`: {one.get('detail')}"
    return ""
