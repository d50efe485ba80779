from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from conductor.formats.columns import cells, side_by_side, wrapped

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@given(TEXT, st.integers(4, 30))
def test_no_line_is_wider_than_it_may_be(text: str, width: int):
    assert all(cells(line) <= width for line in wrapped(text, width))


@given(st.text("ab c漢\n", max_size=60), st.integers(4, 30))
def test_wrapping_loses_only_spaces(text: str, width: int):
    shown = "".join(wrapped(text, width))
    assert "".join(shown.split()) == "".join(text.split())


@given(TEXT, TEXT, st.integers(72, 120))
def test_both_texts_stand_in_columns_of_one_width(left: str, right: str, width: int):
    shown = side_by_side(("input", left), ("output", right), width=width, rows=8)
    half = (width - 3) // 2
    for line in shown.splitlines():
        before, bar, _ = line.partition(" │")
        assert bar
        assert cells(before) == half


def test_a_long_text_keeps_its_beginning_and_its_end():
    long = "\n".join(f"line {number}" for number in range(100))
    shown = side_by_side(("input", long), ("output", "short"), width=80, rows=12)
    assert "line 0" in shown
    assert "line 99" in shown
    assert "… 89 more lines …" in shown


def test_on_a_narrow_terminal_one_stands_below_the_other():
    shown = side_by_side(("input", "a"), ("output", "b\x1b[2J"), width=40, rows=8)
    assert shown == "input\na\n\noutput\nb\\x1b[2J"
