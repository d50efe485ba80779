"""Examples as whole files: what one leaves out is taken from a file that nothing is wrong with."""

from __future__ import annotations

import re

from conductor.compiler import foreign
from conductor.core.closure import Kind, Shelf, close
from conductor.core.tier import Tier
from conductor.lint.origin import Origin, Surroundings
from conductor.lint.report import Report
from conductor.lint.run import lint
from conductor.lint.subject import Form, Subject

TODAY = "2026-11-25"
ENSEMBLE = """\
name: example
description: Finds the likely risks in one short text and lists them.
default_task: "List the risks in the text below."
agents:
  - name: worker
    model_profile: conductor-small
    max_tokens: 200
    system_prompt: "List at most three risks that the text states, one per line."
x-conductor:
  version: "1.0.0"
  license: Apache-2.0
  authors: [Ada]
  task: extraction
"""
PROFILE = """\
name: example
description: A small model.
timeout_seconds: 60
"""
ORIGIN = Origin(
    names=frozenset({"ledgerly", "acme-corp"}),
    people=frozenset({"Grace Hopper"}),
    files=frozenset({"docs/STYLE.md", "src/ledgerly/client.py"}),
    symbols=frozenset({"PaymentHubService"}),
)
SCRIPTS = {"scripts/example.py": b"print(1)\n", "scripts/taken.py": b"print(2)\n"}
SHELF = Shelf(ensembles={}, profiles={"conductor-small": {"timeout_seconds": 60}}, scripts=SCRIPTS)
AROUND = Surroundings(
    profiles=SHELF.profiles,
    standard=frozenset({"conductor-small"}),
    neighbours=frozenset({"example", "_helpers.py"}),
    origin=ORIGIN,
    destination={("script", "scripts/taken.py"): "sha256:another"},
)
_FILE = re.compile(r"# file: (\S+)\n")
_KEY = re.compile(r"^(\S[^:\n]*):", re.MULTILINE)
_FOLDERS = {
    "ensembles": Form.ENSEMBLE,
    "profiles": Form.PROFILE,
    "scripts": Form.SCRIPT,
    "evidence": Form.EVIDENCE,
}


def subject(example: str, around: Surroundings = AROUND) -> Subject:
    """Complete an example; its own lines stand first, so that their numbers hold."""
    named = _FILE.match(example)
    file = named[1] if named else "ensembles/example.yaml"
    form = _FOLDERS[file.partition("/")[0]]
    if form is Form.SCRIPT:
        return Subject(form=form, file=file, text=example, around=around)
    text = completed(example, {Form.ENSEMBLE: ENSEMBLE, Form.PROFILE: PROFILE}.get(form, ""))
    read = foreign.read(file, text.encode())
    closure = close("example", read.data, SHELF)
    return Subject(
        form=form,
        file=file,
        text=read.text,
        data=read.data,
        places=read.places,
        spans=read.spans,
        aliases=read.aliases,
        written_out=read.written_out,
        troubles=read.troubles,
        gaps=closure.gaps if form is Form.ENSEMBLE else (),
        digests={(one.kind, one.name): one.digest for one in closure.of(Kind.SCRIPT)},
        around=around,
    )


def completed(example: str, base: str) -> str:
    """Add the top-level keys of `base` that an example does not have."""
    own = set(_KEY.findall(example))
    parts = re.split(r"^(?=\S)", base, flags=re.MULTILINE)
    return example + "".join(
        part for part in parts if part.strip() and part.partition(":")[0] not in own
    )


def judged(example: str, tier: Tier = Tier.LIBRARY, around: Surroundings = AROUND) -> Report:
    return lint([subject(example, around)], tier, today=TODAY)
