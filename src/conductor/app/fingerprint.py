"""The project that an ensemble comes from, known by its names, people, files and identifiers.

Everything is read as text, bounded, and nothing is run: not even git.
"""

from __future__ import annotations

import getpass
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from socket import gethostname

from conductor.adapters import files, inside
from conductor.lint.origin import Origin
from conductor.lint.rules.project_symbol import IDENTIFIER

_MOST_FILES = 20_000
_MOST_SOURCE_BYTES = 4_000_000  # read for identifiers, over all files
_ONE_FILE = 200_000
_SOURCES = {".py", ".ts", ".tsx", ".js", ".jsx", ".go", ".rs", ".java", ".kt", ".rb", ".cs", ".php"}
# What conductor and the engine keep in a project says nothing about the project.
_OURS = ("policy/", "templates/", "registry/", "schemas/", "node_modules/", "vendor/", "dist/")
_REMOTE = re.compile(r"^\s*url\s*=\s*(\S+)\s*$", re.MULTILINE)
_OWNER_AND_NAME = re.compile(r"([\w.-]+)[/:]([\w.-]+?)(?:\.git)?/?$")
_COMMITTER = re.compile(r"^[0-9a-f]+ [0-9a-f]+ ([^<\n]{3,60}) <", re.MULTILINE)
_USER = re.compile(r"^\s*name\s*=\s*\"?([^\"\n]{3,60}?)\"?\s*$", re.MULTILINE)
_HANDLE = re.compile(r"(?<=\s)@[A-Za-z][\w-]{2,38}(?=\s)")
_AUTHOR = re.compile(r'(?:name|author)"?\s*[:=]\s*"([^"<]{3,60}?)\s*(?:<[^"]*)?"')
_MODULE = re.compile(r"^module\s+(\S+)", re.MULTILINE)


def fingerprint(folder: str) -> Origin:
    """Read what a project is known by; an empty folder has nothing to be known by."""
    listed = files.list_files(folder, ".", limit=_MOST_FILES)
    paths = [path.removeprefix("./") for path in listed]
    paths = [path for path in paths if not path.startswith(_OURS)]
    names, people = set(_remote(folder)), set()
    people |= set(_committers(folder)) | set(_owners(folder))
    for name, person in _manifests(folder, paths):
        names |= {name} if name else set()
        people |= {person} if person else set()
    names |= {path.split("/")[-2] for path in paths if path.endswith("/__init__.py")}
    if re.search(r"[-_ ]|[a-z][A-Z]", Path(folder).name):
        names.add(Path(folder).name)  # a folder called `reviews` says nothing
    names |= {getpass.getuser(), gethostname()} - {"root", "user", "localhost", "runner"}
    return Origin(
        names=frozenset(names - _OF_NOBODY),
        people=frozenset(stripped for person in people if (stripped := person.strip())),
        files=frozenset(path for path in paths if "/" in path),
        symbols=frozenset(_symbols(folder, paths)),
    )


# Folders that every project has, and the engine, which every ensemble may speak of.
_OF_NOBODY = {"src", "lib", "tests", "test", "app", "core", "cli", "api", "llm-orc", "llm_orc"}


def _remote(folder: str) -> Iterator[str]:
    """Read owner and name of the repository out of git's settings, as text."""
    config = _text(folder, ".git/config")
    for address in _REMOTE.findall(config):
        if found := _OWNER_AND_NAME.search(address):
            yield from found.groups()


def _committers(folder: str) -> Iterator[str]:
    """Read who has committed here out of git's own log of that, as text."""
    yield from _COMMITTER.findall(_text(folder, ".git/logs/HEAD"))
    yield from _USER.findall(_text(folder, ".git/config"))


def _owners(folder: str) -> Iterator[str]:
    """Give the handles of people whom `CODEOWNERS` names."""
    for path in ("CODEOWNERS", ".github/CODEOWNERS", "docs/CODEOWNERS"):
        yield from _HANDLE.findall(_text(folder, path))


def _manifests(folder: str, paths: list[str]) -> Iterator[tuple[str, str]]:
    """Give (name, person) as the manifests at the top state them; either may be empty."""
    top = {path for path in paths if "/" not in path}
    for name in sorted(top & {"pyproject.toml", "Cargo.toml"}):
        yield from _toml(_text(folder, name))
    if "package.json" in top:
        yield from _json(_text(folder, "package.json"))
    if found := _MODULE.search(_text(folder, "go.mod")):
        yield found[1].rpartition("/")[2], ""


def _toml(text: str) -> Iterator[tuple[str, str]]:
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return
    for table in (document.get("project"), document.get("package")):
        if isinstance(table, dict):
            yield str(table.get("name") or ""), ""
    for author in _AUTHOR.findall(text.partition("authors")[2][:1000]):
        yield "", author


def _json(text: str) -> Iterator[tuple[str, str]]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return
    if isinstance(document, dict):
        yield str(document.get("name") or "").rpartition("/")[2], ""
        author = document.get("author")
        yield "", str(author.get("name") if isinstance(author, dict) else author or "")


def _symbols(folder: str, paths: list[str]) -> set[str]:
    """Collect the identifiers of two parts or more that the sources define."""
    found: set[str] = set()
    left = _MOST_SOURCE_BYTES
    for path in paths:
        if Path(path).suffix not in _SOURCES:
            continue
        text = _text(folder, path)
        left -= len(text)
        if left < 0:
            break
        for line in _DEFINITION.findall(text):
            found.update(IDENTIFIER.findall(line))
    return found


_DEFINITION = re.compile(
    r"^[ \t]*(?:export +|pub(?:\([a-z]+\))? +|public +|async +|static +|abstract +)*"
    r"(?:class|def|function|func|fn|struct|enum|interface|trait|type|const|module)\b[^\n({:=]*",
    re.MULTILINE,
)


def _text(folder: str, path: str) -> str:
    try:
        content = inside.read(folder, path, _ONE_FILE)
    except (inside.Escapes, OSError):
        return ""
    return (content or b"")[:_ONE_FILE].decode("utf-8", "replace")
