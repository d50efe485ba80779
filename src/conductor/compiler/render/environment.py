"""The sandbox in which templates are rendered, and what their mistakes look like.

A value that reaches the output without `quoted` is refused, so no template can forget it.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Mapping
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
from conductor.core.finding import Finding, Place

Filter = Callable[[object], Quoted]

_EXPRESSION = re.compile(r"\{\{-?\s*(.+?)\s*-?\}\}")
_UNDEFINED = re.compile(r"'(\w+)' is undefined")


class UnquotedError(TemplateError):
    """An expression reached the output without the `quoted` filter."""


class Renderer:
    """Renders the templates of one set of sources; they may include what is shared."""

    def __init__(
        self, sources: Mapping[str, str], filters: Mapping[str, Filter] | None = None
    ) -> None:
        """Take the templates among the sources; `filters` are more ways in than `quoted`."""
        files = {path: text for path, text in sources.items() if path.endswith(".j2")}
        self._files = files
        more = tuple(sorted((filters or {}).items()))
        self._environment = environment(tuple(sorted(files.items())), more)

    def render(self, file: str, values: Mapping[str, object]) -> str | Finding:
        """Render one template; a mistake in it is a finding at its file and line."""
        try:
            return self._environment.get_template(file).render(values)
        except TemplateSyntaxError as error:
            return _finding(error.name or file, error.lineno, str(error.message))
        except TemplateNotFound as error:
            at, name = self._place(error, file), str(error.name)
            message = f"there is no template file `{name}` to include"
            return _finding(at.file, at.line, message, nearest(name, self._files))
        except UndefinedError as error:
            at = self._place(error, file)
            found = _UNDEFINED.search(str(error.message))
            hint = nearest(found[1], values) if found else ""
            name = f"`{found[1]}` is no parameter of this template" if found else str(error.message)
            return _finding(at.file, at.line, name, hint)
        except TemplateError as error:
            at = self._place(error, file)
            return _finding(at.file, at.line, str(error.message) + self._culprit(error, at))
        except (TypeError, ValueError, KeyError, AttributeError) as error:
            at = self._place(error, file)  # a filter got what it cannot work with
            message = f"this cannot be rendered: {error}" + self._culprit(error, at)
            return _finding(at.file, at.line, message)

    def _place(self, error: Exception, file: str) -> Place:
        """Find the template's own line in the traceback: jinja2 puts it there."""
        frames = traceback.extract_tb(error.__traceback__)
        lines = [(one.filename, one.lineno) for one in frames if one.filename in self._files]
        found, line = lines[-1] if lines else (file, 1)
        return Place(found, line or 1)

    def _culprit(self, error: Exception, at: Place) -> str:
        """Name the expressions on the line that are not quoted."""
        if not isinstance(error, UnquotedError):
            return ""
        line = self._files[at.file].split("\n")[at.line - 1]
        found = [one for one in _EXPRESSION.findall(line) if not one.endswith("quoted")]
        return f": `{found[0]}`" if found else ""


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


def _finding(file: str, line: int, message: str, hint: str = "") -> Finding:
    message = message.rstrip(".")
    return Finding(
        name="template",
        message=message[:1].lower() + message[1:],
        at=Place(file, line),
        hint=hint or "write `{{ name | quoted }}` with a parameter that template.toml declares",
    )
