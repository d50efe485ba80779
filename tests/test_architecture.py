"""The house rules that a reader relies on: rings, doors, no cycles, modules of a size to hold."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src"
PACKAGE = SOURCE / "conductor"

# Who may import whom, besides themselves. Everything may import `errors`.
RINGS = {
    "errors": set(),
    "core": set(),
    "compiler": {"core"},
    "adapters": {"core"},
    "formats": {"core"},
    "lint": {"core"},
    "app": {"core", "compiler", "adapters", "formats", "lint"},
    "cli": {"core", "compiler", "adapters", "formats", "lint", "app", "mcp"},
    "mcp": {"core", "compiler", "adapters", "formats", "lint", "app"},
    "__main__": {"cli"},
    "__init__": set(),
}

# The places that may import each outside library: one, but for the two halves of MCP.
DOORS = {
    "anyio": ("conductor.adapters.llm_orc", "conductor.mcp.server"),
    "click": ("conductor.cli",),
    "git": ("conductor.adapters.git",),
    "jinja2": ("conductor.compiler.render",),
    "jsonschema_rs": ("conductor.compiler.schema",),
    "mcp": ("conductor.adapters.llm_orc", "conductor.mcp.server"),
    "pydantic": ("conductor.compiler",),
    "ruamel": ("conductor.compiler",),  # yaml_places reads, yaml_layout writes
    "sqlalchemy": ("conductor.adapters.ledger",),
    "tomli_w": ("conductor.compiler.form",),
    "yaml": ("conductor.compiler.engine_reader",),
    "xllamacpp": ("conductor.adapters.embedded",),
}
MAX_LINES = 250


@cache
def modules() -> dict[str, Path]:
    return {
        ".".join(path.relative_to(SOURCE).with_suffix("").parts): path
        for path in sorted(PACKAGE.rglob("*.py"))
    }


@cache
def imports(module: str) -> frozenset[str]:
    """Every module that a module imports, also inside functions, except for type checking."""
    found = set()
    for node in _running(ast.parse(modules()[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(found)


def _running(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        yield node
        yield from _running(node)


@cache
def ours(module: str) -> frozenset[str]:
    """The modules of ours that a module imports."""
    known = modules()
    found = set()
    for name in imports(module):
        if not name.startswith("conductor"):
            continue
        parts = name.split(".")
        candidates = (
            name,
            ".".join(parts[:-1]),
            f"{name}.__init__",
            ".".join(parts[:-1]) + ".__init__",
        )
        found.add(next((one for one in candidates if one in known), "conductor.__init__"))
    return frozenset(found - {module})


def ring(module: str) -> str:
    return module.split(".")[1]


def adapter(module: str) -> str:
    return ".".join(module.split(".")[:3])


@pytest.mark.parametrize("module", modules())
def test_imports_go_inwards_only(module: str):
    allowed = RINGS[ring(module)] | {ring(module), "errors", "__init__"}
    assert {one for one in ours(module) if ring(one) not in allowed} == set()


@pytest.mark.parametrize("module", [one for one in modules() if ring(one) == "core"])
def test_the_core_knows_the_standard_library_only(module: str):
    outside = {name.split(".")[0] for name in imports(module)} - {"conductor"}
    assert outside <= sys.stdlib_module_names
    assert not outside & {"os", "pathlib", "subprocess", "time", "random", "datetime", "socket"}


def test_no_door_knows_another_door():
    doors = [one for one in modules() if ring(one) == "adapters"]
    crossing = [
        (one, other)
        for one in doors
        for other in ours(one)
        if ring(other) == "adapters" and adapter(other) != adapter(one)
    ]
    assert crossing == []


@pytest.mark.parametrize("library", DOORS)
def test_each_library_has_its_door(library: str):
    users = {
        module
        for module in modules()
        if any(name.split(".")[0] == library for name in imports(module))
    }
    assert users
    doors = tuple(f"{door}." for door in DOORS[library])
    assert {one for one in users if not f"{one}.".startswith(doors)} <= _exceptions(library)


def _exceptions(library: str) -> set[str]:
    # The application reads settings through the same document models as the compiler.
    return {"conductor.app.settings"} if library == "pydantic" else set()


def test_every_outside_library_is_known_here():
    outside = {name.split(".")[0] for module in modules() for name in imports(module)}
    assert outside - {"conductor"} - set(sys.stdlib_module_names) <= set(DOORS)


def test_imports_make_no_cycle():
    state: dict[str, str] = {}

    def visit(module: str, path: tuple[str, ...]) -> None:
        assert state.get(module) != "open", " -> ".join((*path, module))
        if module in state:
            return
        state[module] = "open"
        for other in sorted(ours(module)):
            visit(other, (*path, module))
        state[module] = "done"

    for module in modules():
        visit(module, ())


@pytest.mark.parametrize("module", modules())
def test_modules_can_be_held_in_the_head(module: str):
    assert len(modules()[module].read_text(encoding="utf-8").splitlines()) <= MAX_LINES
