"""`library index`: the index of a library, from the files of a clone."""

from __future__ import annotations

from collections.abc import Mapping

from conductor.adapters import inside
from conductor.adapters.tree import Tree
from conductor.app.collect import shelf_of
from conductor.app.deprecations import deprecations_in
from conductor.app.tier_folder import ENSEMBLES, TierFolder
from conductor.core.claim import Claim, read_claim
from conductor.core.closure import close
from conductor.core.deprecation import Deprecation
from conductor.core.library_index import INDEX, Item, index_text
from conductor.core.statement import path_of
from conductor.errors import SourceError, UsageError


def make_index(folder: str, *, check: bool) -> tuple[str, bool]:
    """Bring `index.json` in `folder` up to date; gives its text, and whether it differed.

    With `check`, nothing is written. Raises UsageError when there are no ensembles, SourceError
    for an ensemble that cannot be read.
    """
    tier = TierFolder(folder, "")
    paths = tier.ensembles()
    if not paths:
        raise UsageError(
            f"there is no `{ENSEMBLES}/` with an ensemble in `{folder}`",
            hint="go to the top of a clone of the library",
        )
    deprecated = deprecations_in(folder)
    text = index_text(_item(tier, path, deprecated) for path in paths)
    differs = _there(tier, INDEX) != text.encode()
    if differs and not check:
        Tree(folder).write(INDEX, text.encode())
    return text, differs


def _item(tier: TierFolder, path: str, deprecated: Mapping[str, Deprecation]) -> Item:
    name = path.removeprefix(f"{ENSEMBLES}/").rpartition(".")[0]
    opened = tier.yaml(path)
    if opened is None or opened.escape:
        why = opened.escape if opened else "it is not there any more"
        raise SourceError(why, at=path, hint="put a regular file in its place")
    if opened.read.troubles:
        first = opened.read.troubles[0]
        raise SourceError(first.message, at=str(first.at), hint=first.hint)
    closure = close(name, opened.read.data, shelf_of(tier))
    evidence = path_of(name, closure.text_digest)
    return Item(
        name=name,
        document=opened.read.data,
        closure=closure,
        evidence=evidence,
        claim=_claim(tier, evidence),
        deprecated=deprecated.get(name),
    )


def _claim(tier: TierFolder, path: str) -> Claim | None:
    data = _there(tier, path)
    try:
        return read_claim(data) if data is not None else None
    except ValueError as error:
        raise SourceError(f"the evidence cannot be read: {error}", at=path) from error


def _there(tier: TierFolder, path: str) -> bytes | None:
    try:
        return inside.read(tier.root, path)
    except inside.Escapes as escape:
        raise SourceError(str(escape), at=path, hint="put a regular file in its place") from escape
