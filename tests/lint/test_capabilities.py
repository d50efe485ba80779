"""What a script can do, read from its source."""

from __future__ import annotations

import pytest

from conductor.lint.capabilities import capabilities


@pytest.mark.parametrize(
    ("source", "does"),
    [
        ("import json, sys\nprint(json.load(sys.stdin))\n", ()),
        ("import urllib.request\n", ("network",)),
        ("import subprocess\n", ("commands",)),
        ("import os\nos.system('x')\n", ("commands",)),
        ("import os\nprint(os.environ['HOME'])\n", ("environment",)),
        ("open('x').read()\n", ()),
        ("open('x', 'w').write('y')\n", ("writes",)),
        ("open('x', mode=chosen)\n", ("writes",)),
        ("from pathlib import Path\nPath('x').unlink()\n", ("writes",)),
        ("'a'.replace('a', 'b')\n", ()),
        ("eval(input())\n", ("hidden code",)),
        ("import pickle, socket\n", ("hidden code", "network")),
        ("not Python at all (", ("cannot be parsed: not read",)),
    ],
)
def test_the_source_shows_what_a_script_does(source: str, does: tuple[str, ...]):
    assert capabilities("scripts/x.py", source) == does


def test_what_is_no_python_is_not_vouched_for():
    assert capabilities("scripts/x.sh", "echo") == ("not Python: not read",)
