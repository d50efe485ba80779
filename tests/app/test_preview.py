"""What a person sees of an ensemble while answering its questions."""

from __future__ import annotations

import pytest

from conductor.adapters import files
from conductor.app.new_ensemble import form_for
from conductor.app.preview import Preview
from tests.templates import TEMPLATES

ROOT = files.packaged()
SIX = "Always answer. Never guess. Return JSON. Use at most nine words. Avoid lists. Only facts."


def preview(template: str) -> Preview:
    return Preview(ROOT, form_for(ROOT, template), "drawn")


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_template_can_be_looked_at_before_the_second_answer(template):
    step = preview(template).after({"description": "Finds people."})
    assert step.lines
    assert step.pictures
    assert step.warnings == ()


def test_an_answer_shows_what_it_adds_and_the_graph_where_it_changes():
    shown = preview("swarm")
    shown.after({"description": "d"})
    agent = shown.after({"description": "d", "extractors": {"names": "List the names."}})
    assert '    system_prompt: "List the names."' in agent.lines
    assert "extract-names" in agent.pictures[0]
    again = {"description": "d", "extractors": {"names": "List all names."}}
    assert shown.after(again).pictures == ()


def test_nothing_is_shown_while_a_table_has_too_few_rows():
    shown = preview("classify")
    assert shown.after({"labels": {"one": "the first"}}).lines == ()
    assert shown.after({"labels": {"one": "the first", "two": "the second"}}).lines


def test_too_many_instructions_are_said_once():
    shown = preview("single")
    (warning,) = shown.after({"instruction": SIX}).warnings
    assert warning.startswith("`worker` gets 6 instructions")
    assert shown.after({"instruction": SIX, "max_tokens": 99}).warnings == ()


def test_an_example_that_takes_the_window_is_warned_about():
    long = {"input": "word " * 4000, "output": "x"}
    (warning,) = preview("single").after({"examples": [long]}).warnings
    assert "of a window of 8192 it should take" in warning


@pytest.mark.parametrize(
    ("template", "parameter", "row", "problem"),
    [
        ("draft-check", "checks", "python", ""),
        ("draft-check", "checks", "max_lines", ""),
        ("draft-check", "checks", "pattern", ""),
        ("draft-check", "checks", "max_line", "there is no check `max_line`"),
        ("extract", "groups", "ships", ""),
        ("extract", "groups", "Ship Names", "is not a valid name of a group"),
        ("swarm", "extractors", "Bad Name", "is not a valid agent name"),
    ],
)
def test_a_row_is_judged_by_its_name_before_it_has_a_value(template, parameter, row, problem):
    found = form_for(ROOT, template).row_name_problem(parameter, row)
    assert problem in found
    assert bool(found) == bool(problem)
