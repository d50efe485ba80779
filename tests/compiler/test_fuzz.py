"""Whatever somebody does to a policy file: the compiler gives findings, or compiles."""

from __future__ import annotations

import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conductor.compiler.analysis import analyse
from conductor.compiler.assemble import assemble
from tests.compiler.conftest import SCHEMA, SOURCES

# Without specs nothing is rendered, which is what takes the time.
SOUND = {path: text for path, text in SOURCES.items() if not path.startswith("registry/")}
POLICY = {path: text for path, text in SOUND.items() if path.startswith("policy/")}
LINES = sorted({line for text in POLICY.values() for line in text.splitlines()})
PIECES = st.one_of(
    st.text(max_size=4),
    st.sampled_from(
        ["[[rule]]\n", "= {", "}", "]", '"', "'''", "\n", "\t", ": ", "- ", "&a ", "*a"]
    ),
    st.sampled_from(
        ["true", "0", "-1", "9" * 30, "1e400", "nan", "null", "2026-01-01", "[[[", "\x00"]
    ),
    st.sampled_from(LINES).map(lambda line: f"\n{line}\n"),
)


@st.composite
def edited(draw):
    file = draw(st.sampled_from(sorted(POLICY)))
    text = POLICY[file]
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        length = draw(st.sampled_from([0, 0, 1, 1, 2, 9, 60]))
        text = text[:start] + draw(PIECES) + text[start + length :]
    return {**SOUND, file: text}


def test_the_policy_that_is_edited_compiles():
    assert assemble(SOUND, SCHEMA).findings == ()


WORDS = re.compile(r"[A-Za-z_][\w.-]+|\d+")


@st.composite
def misspelt(draw):
    """One word of one file, written otherwise: what people do."""
    file = draw(st.sampled_from(sorted(POLICY)))
    found = draw(st.sampled_from(list(WORDS.finditer(POLICY[file]))))
    word = found[0]
    at = draw(st.integers(0, len(word) - 1))
    other = draw(
        st.sampled_from(
            [
                word[:at] + word[at + 1 :],
                word[:at] + word[at] + word[at:],
                word[:at] + draw(st.sampled_from("xQ0-. ")) + word[at + 1 :],
                draw(st.sampled_from(["true", "0", "-1", "99999999999", '"x"', "[]", "{}"])),
            ]
        )
    )
    text = POLICY[file]
    return {**SOUND, file: text[: found.start()] + other + text[found.end() :]}


@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(misspelt())
def test_a_misspelt_word_gives_findings_with_a_place_and_a_next_step(sources):
    compiled = assemble(sources, SCHEMA)
    assert compiled.failed == (compiled.bundle == "")
    for finding in compiled.findings:
        lines = sources[finding.at.file].splitlines()
        assert 1 <= finding.at.line <= len(lines) + 1
        assert 1 <= finding.at.column <= max(map(len, lines)) + 1
        assert finding.message
        assert finding.hint


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(edited())
def test_no_edit_of_a_policy_file_raises_anything(sources):
    compiled = assemble(sources, SCHEMA)
    assert compiled.failed == (compiled.bundle == "")
    for finding in compiled.findings:
        lines = sources[finding.at.file].splitlines() or [""]
        assert 1 <= finding.at.line <= len(lines) + 1
        assert finding.message
        assert finding.hint
    assert analyse(sources) is not None or compiled.failed
