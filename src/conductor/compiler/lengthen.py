"""Adding one text to a list of a policy file: everything else stays as it is, comments too."""

from __future__ import annotations

import json
import re
import tomllib
from copy import deepcopy

from conductor.compiler.rewrite import comments
from conductor.compiler.spots import Path
from conductor.compiler.toml_places import STRING, places
from conductor.errors import SourceError

_LIST = re.compile(rf"[^=\n]*=\s*\[((?:{STRING.pattern}|[^\]\"'#])*)\]", re.DOTALL)


def lengthened(file: str, text: str, path: Path, value: str) -> str:
    """Give the TOML text with one text more at the end of the list at `path`.

    Raises SourceError when no list of texts stands there in a way that can be added to.
    """
    by_hand = SourceError(
        f"`{'.'.join(map(str, path))}` cannot be added to", at=file, hint="write it by hand"
    )
    place = places(text).offsets.get(path)
    found = _LIST.match(text, place) if place is not None else None
    if found is None:
        raise by_hand
    inside = found[1].rstrip().removesuffix(",")
    added = f"{inside}, {json.dumps(value)}" if inside.strip() else json.dumps(value)
    result = text[: found.start(1)] + added + text[found.start(1) + len(found[1]) :]
    expected = deepcopy(tomllib.loads(text))
    table = expected
    for part in path[:-1]:
        table = table[part]  # type: ignore[index]  # a path to a key, through tables
    table[path[-1]].append(value)  # type: ignore[index]
    if tomllib.loads(result) != expected or comments(file, result) != comments(file, text):
        raise by_hand
    return result
