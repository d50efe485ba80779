"""The quick reader of YAML accepts less than the strict one, and never reads anything else."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from conductor.compiler import engine_reader, yaml_places
from conductor.compiler.render import quoted
from tests.compiler.conftest import SOURCES

PIECES = [
    "a: ", "b: ", "- ", "? ", "[", "]", "{", "}", ", ", "\n", "\n  ", "\n    ", "\"", "'",
    "\"x\"", "#", "&a ", "*a", "!!str ", "<<: ", "yes", "no", "on", "~", "null", "true", "1",
    "Find it.", "Sum  up: the", "It's (so), no. 3!", "Yes", "NULL", "No one", "qwen3:4b", "http://h:1/v1",
    "01", "\n1e3", "1.10", "0.1", "12:30", "0x1f", "1_000", "-1", ".5", "2026-11-25", "join",
    "scripts/join.py", "---\n", "...\n", "\t", "\u00e9", "\u2028", "\u0007", "|", ">",
    "Is it so?", "No. 1", "On", "x y: z",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_what_it_reads_the_strict_reader_and_the_engine_read_as_well(text):
    if read := engine_reader.quickly(text):
        strict = yaml_places.read(text, version=(1, 1))
        assert read == (strict.value, strict.places)
        assert read[0] == yaml.safe_load(text)
        newer = yaml_places.read(text, version=(1, 2))
        assert read == (newer.value, newer.places)
        found = engine_reader.places(text)
        assert (found.spans, found.names) == (strict.spans, strict.names)


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), st.text(), max_size=3))
def test_it_reads_whatever_is_quoted(texts):
    lines = "\n".join(f"{quoted(key)}: {quoted(text)}" for key, text in texts.items())
    keys_fit = all(len(quoted(key)) < 1024 for key in texts)  # YAML has a limit for keys
    if keys_fit and not {"a", "b"} & set(texts):
        assert engine_reader.quickly(f"a:\n- {{}}\nb: 1\n{lines}\n") is not None


@pytest.mark.parametrize(
    "file", [one for one in SOURCES if one.startswith("registry/ensembles/") or "cases/" in one]
)
def test_it_reads_what_compile_renders_and_what_people_write(file):
    read = engine_reader.quickly(SOURCES[file])
    strict = yaml_places.read(SOURCES[file], version=(1, 1))
    assert read == (strict.value, strict.places)
    found = engine_reader.places(SOURCES[file])
    assert (found.spans, found.names) == (strict.spans, strict.names)


@pytest.mark.parametrize(
    "text",
    [
        "a: yes",
        "a: Yes",
        "a: NULL",
        "a: 2026-11-25 12:30:00",
        "a: 0x1f",
        "a: 010",
        "a: &x 1",
        "a: !!int '1'",
        "a: 1\na: 2",
        "1: a",
        "a: 1\n---\n",
        '"x"\t',
    ],
)
def test_it_leaves_what_readers_may_read_apart_to_the_strict_one(text):
    assert engine_reader.quickly(text) is None
