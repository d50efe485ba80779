"""What a script imports comes with it or is declared.

Avoid: `import yaml` without a requirement, `import _helpers` without the file.

Prefer: a PEP 723 block in the script; sibling modules in `x-conductor: files`.

Why: the engine runs a script with its own Python. What happens to be installed there on your
machine is not installed on the reader's.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from conductor.lint.rule import Hit
from conductor.lint.scripts import imports, parsed, requirements
from conductor.lint.subject import Form, Subject

CODE = "X404"
LEVELS = "hEE"
FORMS = {Form.SCRIPT}

_BLOCK = '# /// script\n# dependencies = ["pyyaml"]\n# ///\n'
GOOD = (
    "# file: scripts/example.py\nimport json\n\nprint(json.dumps({}))\n",
    f"# file: scripts/example.py\n{_BLOCK}import yaml\n\nprint(yaml)\n",
)
BAD = (
    ("# file: scripts/example.py\nimport yaml\n\nprint(yaml)\n", 2),
    ("# file: scripts/example.py\nimport _helpers\n\nprint(_helpers)\n", 2),
)

# Distributions whose module has another name.
_MODULES = {
    "pyyaml": "yaml",
    "beautifulsoup4": "bs4",
    "pillow": "PIL",
    "scikit-learn": "sklearn",
    "python-dateutil": "dateutil",
    "ruamel-yaml": "ruamel",
}


def check(subject: Subject) -> Iterator[Hit]:
    if not subject.file.endswith(".py"):
        return
    if parsed(subject.text) is None:
        yield Hit(
            message="the script is no Python that can be parsed",
            hint="run it once with the Python of the engine",
            unknown=True,
        )
        return
    declared = {_module(one) for one in requirements(subject.text)}
    declared |= {_module(one) for one in subject.declared("requires")}
    files = {one.rpartition("/")[2] for one in subject.declared("files")}
    for name, line in dict(reversed([*imports(subject.text)])).items():
        top = name.lstrip(".").partition(".")[0]
        if top in sys.stdlib_module_names or top in declared or f"{top}.py" in files:
            continue
        sibling = name.startswith(".") or f"{top}.py" in subject.around.neighbours
        yield Hit(
            message=f"`{top or name}` is a file beside it that the ensemble does not list"
            if sibling
            else f"`{top}` is not part of Python and not declared",
            place=subject.at_line(line),
            matched=name,
            hint=f"list `scripts/{top}.py` in `x-conductor: files`"
            if sibling
            else "declare it in a PEP 723 block at the top of the script",
        )


def _module(distribution: str) -> str:
    name = distribution.lower()
    return _MODULES.get(name.replace("_", "-"), name.replace("-", "_"))
