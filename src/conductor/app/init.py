"""`init`: a workspace from the packaged defaults, without touching what is there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from conductor.adapters import files

_COPIED = ("policy", "registry/specs", "schemas")
_IGNORED = (f"{files.PRIVATE}/", ".llm-orc/")
_IGNORE = ".gitignore"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What `init` would do: whole new files, and lines for .gitignore."""

    root: str
    new: tuple[tuple[str, str], ...]  # relative path, text
    kept: tuple[str, ...]  # files that are there already
    ignored: tuple[str, ...]  # lines that .gitignore lacks


def plan(root: str) -> Plan:
    """Compare the folder with what a workspace starts from."""
    wanted = dict(_defaults())
    there = {path for path in wanted if files.read_if_there(f"{root}/{path}") is not None}
    lines = (files.read_if_there(f"{root}/{_IGNORE}") or "").splitlines()
    return Plan(
        root=root,
        new=tuple((path, text) for path, text in wanted.items() if path not in there),
        kept=tuple(sorted(there)),
        ignored=tuple(line for line in _IGNORED if line not in lines),
    )


def apply(plan: Plan) -> None:
    """Write what the plan shows; conductor.toml last, because it makes the workspace."""
    for path, text in sorted(plan.new, key=lambda item: item[0] == files.SETTINGS):
        files.write_atomically(f"{plan.root}/{path}", text)
    if plan.ignored:
        path = f"{plan.root}/{_IGNORE}"
        old = files.read_if_there(path) or ""
        joint = "" if not old or old.endswith("\n") else "\n"
        files.write_atomically(path, old + joint + "\n".join(plan.ignored) + "\n")


def _defaults() -> Iterator[tuple[str, str]]:
    packaged = files.packaged()
    yield files.SETTINGS, files.read_text(f"{packaged}/{files.SETTINGS}")
    for folder in _COPIED:
        yield from files.read_tree(packaged, folder).items()
