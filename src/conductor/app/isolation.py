"""The isolation check: the closure alone in an empty home, loaded by the real engine."""

from __future__ import annotations

import json

from conductor.adapters import files
from conductor.app.collect import Collected
from conductor.app.project import Project
from conductor.core.digest import digest, digest_bytes
from conductor.errors import OutsideError

_CACHE = f"{files.PRIVATE}/isolation.json"
_KEPT = 200  # answers


def why_not_alone(project: Project, found: Collected) -> str | None:
    """Say why the engine does not load it; empty when it does, None when there is no engine.

    The same bytes and the same engine give the same answer, so it is asked once.
    """
    key = _key(project, found)
    answers = _answers(project)
    if key is None:
        return None
    if key not in answers:
        try:
            answers[key] = project.isolate(found.name, _contents(found))
        except OutsideError:
            return None
        kept = dict(list(answers.items())[-_KEPT:])
        text = json.dumps({"format": 1, "answers": kept}, indent=1) + "\n"
        files.write_atomically(project.path(_CACHE), text)
    return answers[key]


def _contents(found: Collected) -> dict[str, bytes]:
    """Take the addresses out: the engine would ask every server that a profile names."""
    from conductor.adapters.llm_orc.isolation import without_addresses

    return {
        path: without_addresses(opened.read.data)
        if b"base_url" in data and (opened := found.folder.yaml(path)) and opened.read.data
        else data
        for path, data in found.contents.items()
    }


def _key(project: Project, found: Collected) -> str | None:
    from conductor.adapters.llm_orc import find_engine

    try:
        engine = find_engine(project.settings.engine_command)
    except OutsideError:
        return None
    contents = [[path, digest_bytes(data)] for path, data in found.contents.items()]
    return digest([engine, files.changed_at(engine), found.name, contents])


def _answers(project: Project) -> dict[str, str]:
    text = files.read_if_there(project.path(_CACHE))
    try:
        return {str(key): str(answer) for key, answer in json.loads(text or "")["answers"].items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}
