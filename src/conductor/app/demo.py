"""`demo`: a throw-away workspace with a real document, and a judge that needs nobody."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from conductor.adapters import files
from conductor.app import init
from conductor.app.compile import compile_workspace

ENSEMBLE = "adr-facts"
DOCUMENT = "adr.md"
TASK = "Extract the decision, the alternatives and the risks from this document, one per line"
GIVEN = {"fixed_schema": "true"}
_EXAMPLES = "registry/examples"
_WORD = re.compile(r"[a-z]{4,}")
_DISTINCT, _GROUNDED = 50, 60  # percent of an output's words, at least


@contextmanager
def throw_away_workspace() -> Iterator[str]:
    """Make a compiled workspace that keeps its texts and is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="conductor-demo-") as root:
        init.apply(init.plan(root))
        settings = files.read_text(f"{root}/{files.SETTINGS}")
        files.write_atomically(
            f"{root}/{files.SETTINGS}", settings.replace("contents = false", "contents = true")
        )
        files.write_atomically(f"{root}/{DOCUMENT}", document())
        compile_workspace(root)
        yield root


def document() -> str:
    """Give the decision record that the demo works on: one of this project's own."""
    return files.read_text(f"{files.packaged()}/{_EXAMPLES}/adr-append-only-ledger.md")


def answers() -> str:
    """Give the path of the answers from which the demo's ensemble is made."""
    return f"{files.packaged()}/{_EXAMPLES}/{ENSEMBLE}.toml"


def judge(source: str, output: str) -> dict[str, str]:
    """Judge by counting repetitions and words that are not in the source.

    That sees what is broken and knows nothing of quality, so it never says `good`. The record is
    in the order of every judgement: reasoning, verdict, failure mode.
    """
    words = _WORD.findall(output.lower())
    known = set(_WORD.findall(source.lower()))
    count = max(1, len(words))
    grounded = 100 * sum(word in known for word in words) // count
    distinct = 100 * len(set(words)) // count
    reasoning = (
        f"of {len(words)} longer words {distinct} % are different ones"
        f" and {grounded} % stand in the input"
    )
    faults = {"repetition": distinct < _DISTINCT, "invented-content": grounded < _GROUNDED}
    for failure_mode, found in faults.items():
        if found:
            return {"reasoning": reasoning, "verdict": "poor", "failure_mode": failure_mode}
    return {"reasoning": reasoning, "verdict": "acceptable"}
