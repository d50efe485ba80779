"""Whatever somebody does to a policy file: the compiler gives findings, or compiles."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conductor.compiler.analysis import analyse
from conductor.compiler.assemble import assemble
from tests.compiler.conftest import SCHEMA, SOURCES

# Without specs nothing is rendered, which is what takes the time.
POLICY = {path: text for path, text in SOURCES.items() if path.startswith("policy/")}
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
    return {**POLICY, file: text}


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
