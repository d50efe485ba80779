"""Where each kind of source stands. A file that nobody reads is found, not passed over."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from conductor.compiler.doc import NAME
from conductor.core.finding import Finding, Level, Place

_PLACES = tuple(
    re.compile(pattern)
    for pattern in (
        r"policy/(facts|tasks|routing|models|sampling|promotion|learning|layers|authorizations)\.toml",
        r"policy/(rubrics|cases)/[^/]+\.yaml",
        r"templates/[^/]+/(template\.toml|[a-z-]+\.yaml\.j2|scripts/.+)",
        r"registry/specs/[^/]+\.toml",
        r"registry/(ensembles|profiles)/[^/]+\.yaml",
        r"registry/scripts/.+",
    )
)
_NAMED = re.compile(r"(?:registry/specs/([^/]+)\.toml|templates/([^/]+)/template\.toml)")
_RENDERED = re.compile(r"templates/[^/]+/ensemble\.yaml\.j2")


def is_source(path: str) -> bool:
    """Tell whether the compiler reads a file; pages for people are none."""
    return any(place.fullmatch(path) for place in _PLACES)


def misplaced(paths: Iterable[str]) -> Iterator[Finding]:
    """Find files that nobody reads, names that cannot be used, and halves of templates."""
    known = set(paths)
    for path in sorted(known):
        if not is_source(path) and not path.endswith(".md"):
            yield Finding(
                name="unread-file",
                message="nobody reads this file",
                at=Place(path),
                hint="docs/workspace.md says which file stands where; move or remove it",
                level=Level.WARNING,
            )
        if (found := _NAMED.fullmatch(path)) and not re.fullmatch(NAME, found[1] or found[2]):
            yield Finding(
                name="wrong-name",
                message=f"`{found[1] or found[2]}` cannot be a name",
                at=Place(path),
                hint="use lower-case letters, digits and `-`, beginning with a letter",
            )
        if _RENDERED.fullmatch(path):
            other = path.replace("ensemble.yaml.j2", "template.toml")
            if other not in known:
                yield Finding(
                    name="missing-file",
                    message="this template has no `template.toml`",
                    at=Place(path),
                    hint=f"write {other}: it declares the parameters",
                )
