"""What a template's text shows before anything is rendered from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from jinja2 import TemplateSyntaxError, meta, nodes

from conductor.compiler.problems import closest, nearest
from conductor.compiler.render.environment import environment
from conductor.compiler.render.spots import replacing, spot
from conductor.core.finding import Finding, Fix, Level, Place
from conductor.core.mending import mended

GIVEN = frozenset({"name", "description", "task", "output"})  # what every template gets


def mistakes(
    files: Mapping[str, str], shared: Mapping[str, str], parameters: Mapping[str, Place]
) -> Iterator[Finding]:
    """Find names that no parameter has, and parameters that nothing uses.

    `files` are what one template.toml declares the parameters of; `shared` is what they may
    include, whose names may also come from a `with`.
    """
    used: set[str] = set()
    for file, text in files.items():
        names = _names(text)
        if names is None:
            return  # rendering says what is wrong with it
        used |= names.keys()
        for name, line in names.items():
            if name not in parameters and name not in GIVEN:
                at, end = spot(file, text, line, name)
                known = [*parameters, *GIVEN]
                yield Finding(
                    name="template",
                    message=f"`{name}` is no parameter of this template",
                    at=at,
                    end=end,
                    hint=nearest(name, known),
                    fix=_renamed(file, text, name, closest(name, known)),
                )
    for text in shared.values():
        used |= (_names(text) or {}).keys()
    for name, place in parameters.items():
        if name not in used:
            yield Finding(
                name="unused-parameter",
                message=f"nothing in the template uses the parameter `{name}`",
                at=place,
                hint="use it, or remove it",
                level=Level.WARNING,
            )


def _renamed(file: str, text: str, name: str, new: str) -> Fix | None:
    """Write another name wherever a template uses one; None where that is not all of it."""
    if not new:
        return None
    offset, edits = 0, []
    for _, kind, value in environment(()).lex(text):
        if kind == "name" and value == name:
            edits.append(replacing(file, text, offset, offset + len(value), new))
        offset += len(value)
    after = _names(mended(text, edits))
    proven = offset == len(text) and after is not None and name not in after
    return Fix(f"write `{new}`", tuple(edits)) if proven else None


@lru_cache(maxsize=256)  # what is shared is looked at for every template
def _names(text: str) -> Mapping[str, int] | None:
    """Give the names that come from outside, with the line of their first use."""
    try:
        tree = environment(()).parse(text)
        outside = meta.find_undeclared_variables(tree)  # raises for a filter that there is not
    except TemplateSyntaxError:
        return None
    found: dict[str, int] = {}
    for node in tree.find_all(nodes.Name):
        if node.name in outside:
            found.setdefault(node.name, node.lineno)
    return found
