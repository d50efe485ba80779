"""The sandbox in which templates are rendered, and what their mistakes look like.

A value that reaches the output without `quoted` is refused, so no template can forget it.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache

from jinja2 import (
    FunctionLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    UndefinedError,
)
from jinja2.sandbox import SandboxedEnvironment

from conductor.compiler.problems import nearest
from conductor.compiler.render.filters import FILTERS
from conductor.compiler.render.quoting import Quoted, quoted
from conductor.compiler.render.spots import replacing, spot
from conductor.core.finding import Finding, Fix, Place
from conductor.core.mending import mended

Filter = Callable[[object], Quoted]

_EXPRESSION = re.compile(r"\{\{-?\s*(.+?)\s*-?\}\}")
_UNDEFINED = re.compile(r"'(\w+)' is undefined|has no attribute '(\w+)'")
_NO_FILTER = re.compile(r"[Nn]o filter named '(\w+)'")
_WORD = re.compile(r"\w+")
_QUOTE = "write `{{ name | quoted }}` with a parameter that template.toml declares"
_CORRECT = "correct the template; nothing of it was rendered"


# The last ones: a filter got what it cannot work with.
_MISTAKES = (TemplateError, TypeError, ValueError, KeyError, AttributeError)


class UnquotedError(TemplateError):
    """An expression reached the output without the `quoted` filter."""


class Renderer:
    """Renders the templates of one set of sources; they may include what is shared."""

    def __init__(
        self, sources: Mapping[str, str], filters: Mapping[str, Filter] | None = None
    ) -> None:
        """Take the templates among the sources; `filters` are more ways in than `quoted`."""
        files = {path: text for path, text in sources.items() if path.endswith(".j2")}
        self._files, self._more = files, filters
        more = tuple(sorted((filters or {}).items()))
        self._environment = environment(tuple(sorted(files.items())), more)

    def render(self, file: str, values: Mapping[str, object]) -> str | Finding:
        """Render one template; a mistake in it is a finding at its file and line."""
        try:
            return self._environment.get_template(file).render(values)
        except _MISTAKES as error:
            return self._explained(error, file, values)

    def _explained(self, error: Exception, file: str, values: Mapping[str, object]) -> Finding:
        if isinstance(error, TemplateSyntaxError):
            at = Place(error.name or file, error.lineno)
            known = self._environment.filters
            word = named[1] if (named := _NO_FILTER.search(str(error))) else ""
            hint = nearest(word, known) if word else _CORRECT
            return self._finding(at, str(error.message), hint, word)
        at = self._place(error, file)
        if isinstance(error, TemplateNotFound):
            name, hint = str(error.name), nearest(str(error.name), self._files)
            message = f"there is no template file `{name}` to include"
            return self._finding(at, message, hint, name)
        if isinstance(error, UndefinedError):
            return self._undefined(at, str(error.message), values)
        if isinstance(error, UnquotedError):
            return self._unquoted(at, str(error.message), values)
        if isinstance(error, TemplateError):
            return self._finding(at, str(error))
        said = f"`{error.args[0]}` is missing" if isinstance(error, KeyError) else str(error)
        return self._finding(at, f"this cannot be rendered: {said}", self._given(at, values))

    def _given(self, at: Place, values: Mapping[str, object]) -> str:
        """Say which parameters the line is about: one of them does not suit its filter."""
        line = self._files.get(at.file, "").split("\n")[max(0, at.line - 1)]
        words = set(_WORD.findall(line))
        named = ", ".join(f"`{name}`" for name in values if name in words)
        return f"correct what is given as {named}" if named else _CORRECT

    def _undefined(self, at: Place, message: str, values: Mapping[str, object]) -> Finding:
        found = _UNDEFINED.search(message)
        if found and (name := found[1]):
            message = f"`{name}` is no parameter of this template"
            return self._finding(at, message, nearest(name, values), name)
        return self._finding(at, message, word=found[2] if found else "")

    def _finding(self, at: Place, message: str, hint: str = "", word: str = "") -> Finding:
        begin, end = spot(at.file, self._files.get(at.file, ""), at.line, word)
        message = message.rstrip(".")
        return Finding(
            name="template",
            message=message[:1].lower() + message[1:],
            at=begin,
            end=end,
            hint=hint or _QUOTE,
        )

    def _unquoted(self, at: Place, message: str, values: Mapping[str, object]) -> Finding:
        """Name the first expression on the line that is not quoted, and quote it."""
        text = self._files[at.file]
        start = sum(len(line) + 1 for line in text.split("\n")[: at.line - 1])
        end = text.find("\n", start)
        for found in _EXPRESSION.finditer(text, start, len(text) if end < 0 else end):
            if found[1].endswith("quoted"):
                continue
            edit = replacing(at.file, text, found.end(1), found.end(1), " | quoted")
            place = replacing(at.file, text, *found.span(), "")
            told = Finding(
                name="template",
                message=f"{message}: `{found[1]}`",
                at=place.at,
                end=place.end,
                hint=_QUOTE,
            )
            files = {**self._files, at.file: mended(text, [edit])}
            after = Renderer(files, self._more).render(at.file, values)
            mended_it = isinstance(after, str) or after.at > told.at or after.at.file != at.file
            return replace(told, fix=Fix("write `| quoted`", (edit,)) if mended_it else None)
        return self._finding(at, message)

    def _place(self, error: Exception, file: str) -> Place:
        """Find the template's own line in the traceback: jinja2 puts it there."""
        frames = traceback.extract_tb(error.__traceback__)
        lines = [(one.filename, one.lineno) for one in frames if one.filename in self._files]
        found, line = lines[-1] if lines else (file, 1)
        return Place(found, line or 1)


@lru_cache(maxsize=16)
def environment(
    files: tuple[tuple[str, str], ...], more: tuple[tuple[str, Filter], ...] = ()
) -> SandboxedEnvironment:
    """Make the sandbox; equal templates share it, because compiling them takes time."""
    texts = dict(files)

    def load(name: str) -> tuple[str, str, Callable[[], bool]] | None:
        # The name is the file's in tracebacks too, so that a mistake is found where it is.
        return (texts[name], name, lambda: True) if name in texts else None

    made = SandboxedEnvironment(
        loader=FunctionLoader(load),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
        finalize=_only_quoted,
        cache_size=-1,
    )
    made.filters = {**made.filters, **FILTERS, "quoted": quoted, **dict(more)}
    return made


def _only_quoted(value: object) -> object:
    if not isinstance(value, Quoted):
        raise UnquotedError("a value is written without the `quoted` filter")
    return value
