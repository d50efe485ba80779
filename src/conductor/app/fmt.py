"""`fmt`: one layout for the files that people write, and nothing else changed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import takewhile, zip_longest

from conductor.adapters import files, tombi
from conductor.compiler import yaml_layout
from conductor.compiler.rewrite import same
from conductor.compiler.text import parse
from conductor.core.finding import Edit, Finding, Fix, Level, Place

_WRITTEN = re.compile(
    r"conductor\.toml|policy/.+\.(toml|yaml)|registry/specs/[^/]+\.toml|templates/[^/]+/template\.toml"
)
_FOLDERS = ("policy", "registry/specs", "templates")
_ROUNDS = 3  # a layout that is still changed by laying it out again is not used


@dataclass(frozen=True, slots=True)
class Layout:
    """One file whose layout differs; both texts say the same."""

    file: str
    old: str
    new: str

    @property
    def line(self) -> int:
        """Give the first line that differs."""
        pairs = zip_longest(self.old.splitlines(), self.new.splitlines())
        return next((n for n, (old, new) in enumerate(pairs, 1) if old != new), 1)

    @property
    def fix(self) -> Fix:
        """Give the new layout from the first line that differs to the last one."""
        old, new = (
            text.splitlines(keepends=True)[self.line - 1 :] for text in (self.old, self.new)
        )
        same = takewhile(lambda pair: pair[0] == pair[1], zip(old[::-1], new[::-1], strict=False))
        after = sum(1 for _ in same)
        text = "".join(new[: len(new) - after])
        end = Place(self.file, self.line + len(old) - after)
        return Fix("lay it out", (Edit(Place(self.file, self.line), end, text),))


@dataclass(frozen=True, slots=True, kw_only=True)
class Formatted:
    layouts: tuple[Layout, ...]
    findings: tuple[Finding, ...]  # files that cannot be read (errors) or laid out (warnings)
    files: int

    def differences(self) -> tuple[Finding, ...]:
        """Give each layout as a finding: what `--check` objects to."""
        return tuple(
            Finding(
                name="layout",
                message="the layout differs from here on",
                at=Place(one.file, one.line),
                hint="run `conductor fmt`",
                fix=one.fix,
            )
            for one in self.layouts
        )


def lay_out(root: str) -> Formatted:
    """Lay out every file that people write; raises OutsideError without the TOML formatter."""
    layouts: list[Layout] = []
    findings: list[Finding] = []
    texts = dict(_texts(root))
    for file, text in texts.items():
        parsed = parse(file, text)
        new = parsed if isinstance(parsed, Finding) else _laid_out(file, text)
        if isinstance(new, Finding):
            findings.append(new)
        elif new != text:
            layouts.append(Layout(file, text, new))
    return Formatted(layouts=tuple(layouts), findings=tuple(findings), files=len(texts))


def write(root: str, formatted: Formatted) -> None:
    for layout in formatted.layouts:
        files.write_atomically(f"{root}/{layout.file}", layout.new)


def _texts(root: str) -> Iterator[tuple[str, str]]:
    yield files.SETTINGS, files.read_text(f"{root}/{files.SETTINGS}")
    for folder in _FOLDERS:
        for file, text in files.read_tree(root, folder).items():
            if _WRITTEN.fullmatch(file):
                yield file, text


def _laid_out(file: str, text: str) -> str | Finding:
    formatter: Callable[[str], str] = (
        tombi.laid_out if file.endswith(".toml") else yaml_layout.laid_out
    )
    new = _stable(formatter, text)
    if new is not None and same(file, text, new):
        return new
    return Finding(
        name="no-layout",
        message="the file is left as it is: a new layout would lose a comment or a value",
        at=Place(file),
        hint="move comments out of `{…}` and `[…]`, onto lines of their own",
        level=Level.WARNING,
    )


def _stable(formatter: Callable[[str], str], text: str) -> str | None:
    """Format until nothing changes any more; None when that does not come to an end."""
    for _ in range(_ROUNDS):
        new = formatter(text)
        if new == text:
            return new
        text = new
    return None
