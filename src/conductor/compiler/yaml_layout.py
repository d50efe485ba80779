"""The one layout of YAML files, and the comments of a YAML text."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO

from ruamel.yaml import YAML
from ruamel.yaml.tokens import CommentToken

_NEVER_FOLD = 2**20  # columns


def laid_out(text: str) -> str:
    """Indent by two, lists too; comments, quotes, order and empty lines stay as they are."""
    yaml = YAML(typ="rt", pure=True)
    yaml.preserve_quotes = True
    yaml.width = _NEVER_FOLD
    yaml.indent(mapping=2, sequence=4, offset=2)
    stream = StringIO()
    yaml.dump(yaml.load(text), stream)
    return "\n".join(line.rstrip() for line in stream.getvalue().splitlines()) + "\n"


def comments(text: str) -> list[str]:
    """List the comments in their order."""
    yaml = YAML(typ="rt", pure=True)
    tokens = (getattr(token, "comment", None) for token in yaml.scan(text))
    lines = [line.strip() for token in _flat(list(tokens)) for line in token.value.splitlines()]
    return [line for line in lines if line]


def _flat(comment: object) -> Iterator[CommentToken]:
    if isinstance(comment, CommentToken):
        yield comment
    elif isinstance(comment, list):
        for one in comment:
            yield from _flat(one)
