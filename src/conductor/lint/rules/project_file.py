"""An ensemble names no file of the project that it was made in.

Avoid: "Follow docs/STYLE.md."

Prefer: "Follow the style guide in the input."

Why: whoever runs the ensemble elsewhere has no such file, and a model does not open files. It
answers as if it had read it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from conductor.lint.fields import PROSE, Field
from conductor.lint.origin import telling
from conductor.lint.patterns import RELATIVE_PATH
from conductor.lint.rule import Hit
from conductor.lint.subject import Form, Subject
from conductor.lint.words import words

CODE = "P203"
LEVELS = "hww"
FORMS = {Form.ENSEMBLE, Form.PROFILE}

GOOD = (
    'description: "Lists every rule of the style guide that the given text breaks."\n',
    'default_task: "Sum the values by month and/or year, at 5 km/h or less."\n',
)
BAD = (
    ('default_task: "Follow docs/STYLE.md of the project."\n', 1),
    ('default_task: "Follow src/other/rules.py in all that you write."\n', 1),
)

_FIELDS = PROSE | {Field.PARAMETER}
_SCRIPTS = "scripts/"  # of the ensemble itself, where a parameter may name one


def check(subject: Subject) -> Iterator[Hit]:
    origin = subject.around.origin
    files = origin.files if origin else frozenset()
    names = {path.rpartition("/")[2] for path in files}
    for text in subject.texts:
        if text.field not in _FIELDS:
            continue
        for found in _BARE.finditer(text.value):
            if found[0] in names and _telling(found[0]):
                yield Hit(
                    message=f"`{found[0]}` is the name of a file of the project it was made in",
                    path=text.path,
                    offset=subject.find(text, found[0]),
                    matched=found[0],
                    hint="give what the file says as input",
                    levels="hEE" if _chosen(found[0]) else "",
                    confirmed_by="fingerprint",
                )
        for found in RELATIVE_PATH.finditer(text.value.replace("\\", "/")):
            path = found[0].removeprefix("./")
            confirmed = path in files
            written = text.value[found.start() : found.end()]
            if not confirmed and (path.startswith(_SCRIPTS) or "\\" in written):
                continue
            yield Hit(
                message=f"`{path}` is a file of the project it was made in"
                if confirmed
                else f"`{path}` looks like a file of some project",
                path=text.path,
                offset=subject.find(text, written),
                matched=path,
                hint="give what the file says as input",
                levels="hEE" if confirmed else "",
                confirmed_by="fingerprint" if confirmed else "shape",
            )


_BARE = re.compile(r"(?<![\w/.@\\-])[\w-]+(?:\.[\w-]+)*\.[A-Za-z][A-Za-z0-9]{0,4}\b(?![/\\])")
# In every other project, and so in every prompt about projects.
_EVERYWHERE = words(
    "docker-compose package-lock pre-commit-config requirements-dev code_of_conduct test_utils"
    " pull_request_template composer-lock pnpm-lock yarn-lock vite-env tsconfig-base"
    " changelog constants contributing dockerfile exceptions helpers jenkinsfile makefile conftest"
    " requirements security tsconfig utilities vite_config webpack component styles"
)


def _telling(name: str) -> bool:
    """Tell a name that somebody chose from one that every project has."""
    stem = name.partition(".")[0].lower()
    return len(stem) > _SHORT and stem not in _EVERYWHERE and (_chosen(name) or telling(stem))


def _chosen(name: str) -> bool:
    """Tell a name of several words, which hardly two projects share."""
    return bool(re.search(r"\w[-_]\w", name.partition(".")[0]))


_SHORT = 6
