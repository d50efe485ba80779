"""Every rule that offers an edit mends its own examples, and touches nothing else."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conductor.compiler import foreign
from conductor.core.tier import Tier
from conductor.lint.catalogue import RULES
from conductor.lint.edits import applied, declare, overlap, scalar
from conductor.lint.rule import Fix, Splice, Verdict
from conductor.lint.run import lint
from tests.lint.examples import AROUND, ENSEMBLE, TODAY, completed, judged, subject

FIXABLE = [name for name, one in RULES.items() if one.fix is not Fix.NO]
SCRIPT = 'import os\nimport socket\n\nprint(os.environ["TOKEN"], socket)\n'


def mended(name: str, example: str) -> str | None:
    """Carry out the edits of one rule in one example; None where it offers none."""
    report = judged(example)
    edits = {
        edit
        for one in report.judgements
        if one.rule.name == name and one.verdict is Verdict.FAIL
        for edit in one.edits
    }
    return applied(subject(example).text, edits) if edits else None


@pytest.mark.parametrize("name", FIXABLE)
def test_what_a_rule_mends_is_gone_and_nothing_else_comes_up(name):
    texts = [(example, mended(name, example)) for example, _ in RULES[name].bad]
    done = [(example, text) for example, text in texts if text is not None]
    assert done, "no bad example of this rule has an edit"
    for example, text in done:
        again = judged(_headed(example, text))
        count = Counter(one.rule.name for one in judged(example).of(Verdict.FAIL))
        left = Counter(one.rule.name for one in again.of(Verdict.FAIL))
        assert left[name] < count[name], text
        assert set(left) <= {name} | TRADED.get(name, set()), text


# Reasons that come in the place of a worse one: a server at home is better than none.
TRADED = {"provider-pinned": {"internal-endpoint"}}


def _headed(example: str, text: str) -> str:
    """Put the line in front again by which an example says what file it is."""
    first = example.partition("\n")[0]
    return text if text.startswith(first) or not first.startswith("# file") else f"{first}\n{text}"


def test_edits_that_touch_are_told_from_those_that_do_not():
    assert overlap(Splice(3, 3, "a"), Splice(3, 3, "b"))
    assert overlap(Splice(3, 9, ""), Splice(5, 6, ""))
    assert not overlap(Splice(3, 5, ""), Splice(5, 6, ""))


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20))
def test_a_text_stays_a_text_whatever_it_says(text):
    read = foreign.read("x", f"key: {scalar(text)}\n".encode())
    assert read.data == {"key": text}


BLOCKS = {
    "nothing": "",
    "a block": "x-conductor:\n  # facts\n  license: MIT  # as always\n",
    "a deep block": "x-conductor:\n      license: MIT\n",
    "braces": "x-conductor: {license: MIT}\n",
    "a list": "x-conductor:\n  env:\n    - OTHER  # the other\n  license: MIT\n",
    "a flat list": "x-conductor:\n  env:\n  - OTHER\n",
    "mappings": "x-conductor:\n  env:\n    - {name: OTHER, why: reads}\n",
    "brackets": "x-conductor:\n  env: [OTHER]\n",
}


@pytest.mark.parametrize("block", BLOCKS.values(), ids=BLOCKS)
def test_a_declaration_fits_into_whatever_block_there_is(block):
    text = "name: example\n" + block
    one = subject(text)
    before = one.text
    after = applied(before, declare(one, "env", "TOKEN"))
    read = foreign.read("x", after.encode())
    assert read.troubles == ()
    was = dict(one.block)
    was["env"] = ["TOKEN", *was.get("env", [])]
    assert read.data["x-conductor"] == was
    assert [line for line in before.splitlines() if "#" in line] == [
        line for line in after.splitlines() if "#" in line
    ]


def test_what_a_script_needs_is_declared_in_the_ensemble_that_runs_it():
    ensemble = subject(ENSEMBLE)
    script = subject(f"# file: scripts/example.py\n{SCRIPT}")
    alone = lint([script], Tier.LIBRARY, today=TODAY)
    assert {len(one.edits) for one in alone.judgements} == {0}
    report = lint([replace(script, owner=ensemble)], Tier.LIBRARY, today=TODAY)
    edits = [edit for one in report.judgements for edit in one.edits]
    assert {edit.file for edit in edits} == {ensemble.file}
    declared = {part for edit in edits for part in edit.text.split()}
    assert {"TOKEN", "network"} <= declared


KEPT = """\
# about this file
model: qwen3:4b  # pulled by hand
provider: ollama  # as it was
# the end
"""


def test_the_dead_provider_is_replaced_and_every_comment_stays():
    text = mended("provider-pinned", f"# file: profiles/example.yaml\n{KEPT}")
    assert text is not None
    assert "provider: openai-compatible  # as it was\nbase_url: http://127.0.0.1:11434/v1\n" in text
    assert "model: qwen3:4b  # pulled by hand\n" in text
    assert text.index("# about") < text.index("# the end")


def test_an_agent_of_the_dead_provider_gets_the_class_of_its_size():
    agent = """\
agents:
  - name: worker
    model: qwen3:0.6b  # tiny
    provider: ollama  # as it was
    max_tokens: 200
    timeout_seconds: 60
    system_prompt: "List the risks."
"""
    text = mended("provider-pinned", agent)
    assert text is not None
    assert "    model_profile: conductor-micro  # tiny\n    # as it was\n    max_tokens" in text


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_lines_end_as_they_did(ending):
    example = completed('default_task: "Look up $TICKET_HOST for each line."\n', ENSEMBLE)
    text = example.replace("\n", ending)
    one = subject(text)
    after = applied(one.text, declare(one, "env", "TICKET_HOST"))
    assert after.count(ending) == after.count("\n")


ANCHORS = {
    "a scalar": "a: &x 1  # one\nb: *x  # two\n",
    "a mapping": "x-a: &facts\n  # why\n  n: 1\nx-b: *facts\n",
    "a folded text": "a: &p |\n  hello\n  there\nb: [*p, *p]\n",
    "anchors in anchors": "a: &x [1, &y 2]\nb: *y\nc: *x\n",
}


@pytest.mark.parametrize("text", ANCHORS.values(), ids=ANCHORS)
def test_written_out_a_file_says_the_same_without_an_anchor(text):
    read = foreign.read("x", text.encode())
    after = applied(text, [Splice(*one) for one in read.written_out])
    again = foreign.read("x", after.encode())
    assert (again.data, again.aliases, again.troubles) == (read.data, (), ())
    assert "&" not in after
    assert [word for word in after.split() if word.startswith("#")] == [
        word for word in text.split() if word.startswith("#")
    ]


def test_an_anchor_that_is_set_twice_is_left_to_a_person():
    assert foreign.read("x", b"a: &x 1\nb: *x\nc: &x 2\nd: *x\n").written_out == ()


def test_a_name_is_corrected_only_where_one_can_be_meant():
    two = (
        "agents:\n"
        "  - {name: pick-a, script: scripts/example.py}\n"
        "  - {name: pick-b, script: scripts/example.py}\n"
        "  - {name: work, script: scripts/example.py, depends_on: [pick-c]}\n"
    )
    assert mended("dangling-dependency", two) is None
    assert AROUND.standard


@pytest.mark.parametrize("others", ["", "    - {rule: P202, at: name, match: m, reason: r}\n"])
def test_a_waiver_in_braces_about_nothing_goes_with_its_line(others):
    block = "x-conductor:\n  license: MIT\n"
    one = '    - {rule: P206, at: description, match: "m", reason: "It is its subject."}\n'
    text = mended("waiver-without-reason", f"{block}  waivers:\n{one}{others}")
    assert text is not None
    assert text.startswith(f"{block}  waivers:\n{others}" if others else f"{block}name:")
