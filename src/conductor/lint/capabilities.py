"""What a script can do, as far as its source shows: never by running it. Advice, not a sandbox."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from conductor.lint.rules.script_network import uses_network
from conductor.lint.scripts import imports, parsed
from conductor.lint.words import words

_COMMANDS = words("subprocess pty os.system os.popen os.exec os.spawn asyncio.create_subprocess")
_WRITES = words("write_text write_bytes unlink rmdir mkdir rename replace touch rmtree remove")
_HIDDEN = words("eval exec compile __import__")
_CODE = words("pickle marshal shelve ctypes importlib runpy")


def capabilities(path: str, source: str) -> tuple[str, ...]:
    """Name what a script does beside reading its input and writing its answer, sorted."""
    if not path.endswith(".py"):
        return ("not Python: not read",)
    tree = parsed(source)
    if tree is None:
        return ("cannot be parsed: not read",)
    modules = {name for name, _ in imports(source)}
    found = {"network"} if any(uses_network(name) for name in modules) else set()
    if modules & _COMMANDS:
        found.add("commands")
    if modules & _CODE:
        found.add("hidden code")
    found |= {what for node in ast.walk(tree) for what in _doing(node)}
    return tuple(sorted(found))


def _doing(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Attribute):
        dotted = ast.unparse(node)
        if dotted.startswith(tuple(_COMMANDS)):
            yield "commands"
        if dotted in ("os.environ", "os.getenv"):
            yield "environment"
    if isinstance(node, ast.Call):
        yield from _calling(node)


def _calling(call: ast.Call) -> Iterator[str]:
    called = call.func
    if isinstance(called, ast.Name) and called.id in _HIDDEN:
        yield "hidden code"
    if isinstance(called, ast.Attribute) and called.attr in _WRITES and called.attr != "replace":
        yield "writes"
    name = called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
    if name == "open" and not _reads(call):
        yield "writes"


def _reads(call: ast.Call) -> bool:
    """Tell whether an `open` is for reading; one whose mode is not written down may write."""
    named = [one.value for one in call.keywords if one.arg == "mode"]
    mode = (named or call.args[1:2] or [ast.Constant("r")])[0]
    return (
        isinstance(mode, ast.Constant)
        and isinstance(mode.value, str)
        and "r" in mode.value
        and "+" not in mode.value
    )
