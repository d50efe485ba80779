"""What a template's text shows before anything is rendered from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from jinja2 import TemplateSyntaxError, meta, nodes

from conductor.compiler.problems import nearest
from conductor.compiler.render.environment import environment
from conductor.core.finding import Finding, Level, Place

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
                yield Finding(
                    name="template",
                    message=f"`{name}` is no parameter of this template",
                    at=Place(file, line),
                    hint=nearest(name, [*parameters, *GIVEN]),
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


@lru_cache(maxsize=256)  # what is shared is looked at for every template
def _names(text: str) -> Mapping[str, int] | None:
    """Give the names that come from outside, with the line of their first use."""
    try:
        tree = environment(()).parse(text)
    except TemplateSyntaxError:
        return None
    outside = meta.find_undeclared_variables(tree)
    found: dict[str, int] = {}
    for node in tree.find_all(nodes.Name):
        if node.name in outside:
            found.setdefault(node.name, node.lineno)
    return found
