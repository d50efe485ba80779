"""Anchors and aliases written out, as splices that are proven to change no value."""

from __future__ import annotations

import json
from collections.abc import Iterator

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.tokens import AliasToken, AnchorToken

from conductor.compiler.yaml_places import Refused, Tree, read

_Splice = tuple[int, int, str]  # start and end in the text, and what stands there then


def written_out(text: str, tree: Tree, version: tuple[int, int]) -> tuple[_Splice, ...]:
    """Give the splices; none where the text that they make does not say the same."""
    try:
        splices = tuple(_splices(text))
    except (Refused, YAMLError, KeyError):
        return ()
    new = text
    for start, end, instead in reversed(splices):
        new = new[:start] + instead + new[end:]
    try:
        return splices if read(new, version=version).value == tree.value else ()
    except Refused:
        return ()


def _splices(text: str) -> Iterator[_Splice]:
    """Take every anchor away, and put the value as one line in the place of every alias."""
    values = _anchored(text)
    yaml = YAML(typ="safe", pure=True)
    for token in yaml.scan(text):
        start, end = token.start_mark.index, token.end_mark.index
        if isinstance(token, AnchorToken):
            ends_line = text[end : end + 1] in {"\r", "\n"} and text[start - 1] == " "
            yield (start - 1, end, "") if ends_line else (start, end + 1, "")
        elif isinstance(token, AliasToken):
            yield start, end, json.dumps(values[token.value], ensure_ascii=False)


def _anchored(text: str) -> dict[str, object]:
    """Give the value behind each anchor, as the plain tree has it; raises KeyError for a re-use."""
    found: dict[str, object] = {}
    tree = read(text, version=(1, 1), aliases=_MOST)
    paths = {span.start: path for path, span in sorted(tree.spans.items(), reverse=True)}
    for token in YAML(typ="safe", pure=True).scan(text):
        if not isinstance(token, AnchorToken):
            continue
        if token.value in found:
            raise KeyError(token.value)
        value: object = tree.value
        for part in paths[token.start_mark.index]:  # a value begins with its anchor
            value = value[part]  # type: ignore[index]  # the path is one of this tree
        found[token.value] = value
    return found


_MOST = 64  # more than a file that was read can have
