"""Places are right for any file: found by writing files and asking where things stand."""

from __future__ import annotations

import json
import tomllib

import pytest
import tomli_w
import yaml
from hypothesis import given
from hypothesis import strategies as st

from conductor.compiler.text import Parsed, parse
from conductor.core.finding import Finding

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=8)
SCALARS = st.booleans() | st.integers(-(2**53), 2**53) | WORDS
DOCUMENTS = st.dictionaries(
    WORDS,
    st.recursive(
        SCALARS,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
        max_leaves=8,
    ),
    max_size=5,
)
YAML_SAFE = st.text(st.sampled_from("abc xyz-_:#'\"1é"), max_size=8)


def ok(parsed: Parsed | Finding) -> Parsed:
    assert isinstance(parsed, Parsed), parsed
    return parsed


def text_at(text: str, parsed: Parsed, *path: str | int) -> str:
    """What stands at the place of a path, to the end of the line."""
    place = parsed.at(*path)
    return text.split("\n")[place.line - 1][place.column - 1 :]


def leaves(value: object, path: tuple[str | int, ...] = ()):
    """Every path in a document, keys and items."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*path, key)
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield (*path, index)
            yield from leaves(inner, (*path, index))


@given(DOCUMENTS)
def test_every_toml_key_is_found_where_it_is_written(document):
    text = tomli_w.dumps(document)
    parsed = ok(parse("x.toml", text))
    assert parsed.data == document
    for path in leaves(document):
        key = path[-1]
        assert path in parsed.spots
        if isinstance(key, str):
            here = text_at(text, parsed, *path)
            assert here.startswith(key) or tomllib.loads(f"{_first_key(here)} = 1") == {key: 1}


def _first_key(text: str) -> str:
    quote = text[0]
    end = 1
    while text[end] != quote:
        end += 2 if text[end] == "\\" and quote == '"' else 1
    return text[: end + 1]


@given(st.dictionaries(YAML_SAFE, st.lists(YAML_SAFE | st.integers(), max_size=3), max_size=4))
def test_every_yaml_key_and_item_is_found_where_it_is_written(document):
    text = json.dumps(document, indent=1, ensure_ascii=False)
    parsed = ok(parse("x.yaml", text))
    assert parsed.data == document
    for path in leaves(document):
        here = text_at(text, parsed, *path)
        value = path[-1] if isinstance(path[-1], str) else document[path[0]][path[-1]]
        assert here.startswith(json.dumps(value, ensure_ascii=False))


@given(st.text())
def test_any_text_is_parsed_or_found_with_a_place_inside_it(text):
    for name in ("x.toml", "x.yaml"):
        parsed = parse(name, text)
        if isinstance(parsed, Finding):
            assert 1 <= parsed.at.line <= len(text.splitlines()) + 2
            assert parsed.message


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("[a]\nx = 1\n[[b]]\ny = 2\n[[b]]\n  y = 3\n", 6, 3),
        ("b = [{y = 1}, {y = 2}]\n", 1, 16),
        ('b = ["""\n[[b]]\ny = 1""", {y = 2}]\n', 3, 12),
        ("# [[b]]\nb = [ # ]\n  { y = 1 },\n  { 'y' = 2 },\n]\n", 4, 5),
        ("b = [{}]\r\n[[c]]\r\n".replace("b = [{}]", "b = [{y=1},{y=2}]"), 1, 13),
    ],
    ids=["tables", "inline", "multi-line string", "comments", "CRLF"],
)
def test_toml_places_in_every_way_to_write_them(text, line, column):
    place = ok(parse("x.toml", text)).at("b", 1, "y")
    assert (place.line, place.column) == (line, column)


def test_the_place_of_something_absent_is_that_of_what_is_around_it():
    parsed = ok(parse("x.toml", "[a]\n[a.b]\nc = 1\n"))
    assert parsed.at("a", "b", "nothing", 3) == parsed.at("a", "b")
    assert str(parsed.at("nothing")) == "x.toml:1:1"


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("a: 1\na: 2\n", "`a` is there twice", "2:1"),
        ("a: &x 1\nb: *x\n", "anchors and aliases are not allowed", "1:4"),
        ("<<: {a: 1}\n", "merge keys are not allowed", "1:1"),
        ("a: !!python/object:os.system x\n", "the tag", "1:4"),
        ("a: !x 1\n", "the tag `!x` is not allowed", "1:4"),
        ("1: a\n", "a key is not text", "1:1"),
        ("? [a]\n: 1\n", "a key is not text", "1:3"),
        ("a: 1\n---\nb: 2\n", "expected a single document", "2:1"),
        ("a: [\n", "", "2:1"),
        ("[" * 40 + "]" * 40, "nested deeper than 24 levels", "1:26"),
    ],
)
def test_yaml_that_two_readers_may_read_apart_is_refused(text, message, place):
    found = parse("x.yaml", text)
    assert isinstance(found, Finding)
    assert message in found.message
    assert str(found.at) == f"x.yaml:{place}"


def test_the_engine_s_yaml_is_read_as_the_engine_reads_it():
    text = "a: no\nb: 'no'\nc: 1_000\nd: 0x1F\ne: 010\nf: 1.5\ng: null\nh: yes\n"
    assert ok(parse("x.yaml", text, for_engine=True)).data == yaml.safe_load(text)


def test_a_file_beyond_any_use_is_refused_before_it_is_read():
    found = parse("x.yaml", "a" * 300_000)
    assert isinstance(found, Finding)
    assert found.name == "too-large"
