from __future__ import annotations

from dataclasses import replace

import pytest

from conductor.compiler.schema import first_problem
from conductor.core.checks import Expected, Material, check_output, passed, tolerated
from conductor.core.checks.language import language_of
from conductor.core.execution import AgentResult, AgentStatus, Outcome

ENSEMBLE: dict[str, list[dict[str, object]]] = {
    "agents": [
        {"name": "find", "max_tokens": 10, "model_profile": "p"},
        {"name": "write", "max_tokens": 20, "model_profile": "p", "depends_on": ["find"]},
    ]
}
FORM = {
    "type": "object",
    "properties": {"label": {"type": "string", "enum": ["bug", "feature"]}},
    "required": ["label"],
}
CLASSIFIER = {"agents": [{"name": "write", "model_profile": "p", "response_format": FORM}]}


def outcome(output: str, *, find: int = 1, write: int = 1, said: str = "x") -> Outcome:
    agents = tuple(
        AgentResult(name=name, status=AgentStatus.SUCCEEDED, output_tokens=tokens, output=text)
        for name, tokens, text in (("find", find, said), ("write", write, output))
    )
    return Outcome(output=output, agents=agents, seconds=1.0)


def material(output: str, given: str = "", ensemble=ENSEMBLE, tokens=None, **expected) -> Material:
    return Material(
        outcome=outcome(output, **(tokens or {})),
        ensemble=ensemble,
        input=given,
        expected=Expected(**expected),
        validate=first_problem,
    )


def failed(output: str, given: str = "", **given_too) -> list[str]:
    checks = check_output(material(output, given, **given_too))
    return [f"{check.name}: {check.detail}" for check in checks if not check.passed]


def test_a_plain_answer_passes_every_check():
    checks = check_output(material("fine"))
    assert passed(checks)
    assert [check.name for check in checks] == ["empty", "truncated", "looping", "branches"]


@pytest.mark.parametrize("output", ["", " \n\t"])
def test_nothing_is_empty_and_nothing_more_is_said_of_it(output):
    assert failed(output, json=True) == ["empty: nothing came out"]


@pytest.mark.parametrize(
    "output", ["<think>hm</think>\n", "<think>no end", "<THINKING>x</THINKING>"]
)
def test_thinking_without_an_answer_is_empty(output):
    assert failed(output) == ["empty: only thinking came out, no answer"]


def test_what_a_script_gives_as_the_reason_is_passed_on():
    decided = '{"found": false, "reason": "the policy decides claude"}'
    found = failed("", tokens={"said": decided})
    assert found == ["empty: nothing came out: `find` says the policy decides claude"]


def test_the_reason_of_a_loop_is_that_of_its_last_iteration():
    drafted = '{"output": {"passed": false, "reason": "no draft passed"}, "iterations": 2}'
    assert failed("", tokens={"said": drafted}) == [
        "empty: nothing came out: `find` says no draft passed"
    ]


@pytest.mark.parametrize("said", ["{no JSON", '{"reason": 3}', '{"found": true}', "[1]"])
def test_what_gives_no_reason_is_not_taken_for_one(said):
    assert failed("", tokens={"said": said}) == ["empty: nothing came out"]


def test_thinking_before_an_answer_is_not_empty():
    assert failed("<think>hm</think>yes") == []
    assert failed('<think>{"</think>{"a": 1}', json=True) == []


# --- truncated


def test_the_last_agent_at_its_limit_was_cut_off():
    cut = ["truncated: `write` was cut off at its limit of 20 tokens"]
    assert failed("text", tokens={"write": 19}) == []
    assert failed("text", tokens={"write": 20}) == cut


def test_an_agent_that_others_read_may_use_its_whole_limit():
    assert failed("text", tokens={"find": 10}) == []


def seen(tokens: int, given: str, **agent) -> list[str]:
    """What a run says whose first agent's server counted so many tokens of the input."""
    first, second = ENSEMBLE["agents"]
    one = material("fine", given, ensemble={"agents": [{**first, **agent}, second]})
    counted = replace(one.outcome.agents[0], input_tokens=tokens)
    told = replace(one.outcome, agents=(counted, one.outcome.agents[1]))
    return [check.detail for check in check_output(replace(one, outcome=told)) if not check.passed]


def test_a_server_that_saw_far_less_than_was_sent_dropped_the_rest():
    long = "The quick brown fox jumps over the lazy dog. " * 100
    assert seen(400, long) == ["`find` was sent about 1,000 tokens and its server saw 400"]
    assert seen(800, long) == []
    assert seen(0, long) == []  # it counts nothing
    assert seen(400, long, fan_out=True) == []  # each instance got a part
    assert seen(4, long, input_scope="dependencies") == []
    assert seen(4, "A short text.") == []


def test_prose_that_stops_within_a_sentence_was_cut_off():
    whole = "The export moves to a new database. Reading from the old one was slow."
    assert failed(whole) == []
    assert failed(f"{whole} The team wants to move the") == [
        "truncated: the output ends in the middle of a sentence"
    ]
    assert failed("Here it is.\n```python\nx = 1\n") != []


@pytest.mark.parametrize(
    "output",
    [
        "# Verdict\n\nIt is fine. It works.\n\n- one\n- two with some more words",
        "The first step is done. The second one follows:\n\n1. Move it",
        "Done. See:\n```python\nfor one in many and more of them in here\n```",
        "a summary without any full stop",
    ],
)
def test_lists_headings_and_code_end_as_they_like(output):
    assert failed(output) == []


# --- looping


@pytest.mark.parametrize(
    "output",
    [
        "It is good. " * 12,
        "The plan is sound and " + "the team agrees that " * 9,
        "\n".join(f"{number}. Restart the server" for number in range(1, 12)),
        "yes yes yes yes yes yes yes yes yes yes yes yes yes yes",
        "0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0",
        '["a b c", ' + '"the same row", ' * 8 + '"end"]',
    ],
)
def test_what_says_the_same_again_and_again_loops(output):
    assert [problem.split(":")[0] for problem in failed(output)] == ["looping"]


@pytest.mark.parametrize(
    "output",
    [
        "| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n| 5 | 4 |\n| 6 | 4 |\n",
        "- [ ] write the test\n- [ ] write the code\n- [ ] write the page\n- [x] think\n",
        "-" * 80,
        "NONE",
    ],
)
def test_tables_lists_and_lines_do_not_loop(output):
    assert failed(output) == []


_EXAMPLE = "\n\nExample input:\nA date.\nExample output:\n- All dates are read correctly now."
PROMPT = f"Write one line.{_EXAMPLE}"
LEARNT: dict[str, object] = {"name": "write", "model_profile": "p", "system_prompt": PROMPT}


def copies(output: str, given: str, agent: dict[str, object] = LEARNT) -> bool:
    inside = Material(
        outcome=outcome(output),
        ensemble=ENSEMBLE,
        children={"n-try": {"agents": [agent]}},
        input=given,
    )
    return "copied" in [check.name for check in check_output(inside) if not check.passed]


def test_the_output_of_a_worked_example_is_no_answer_to_another_input():
    copy = "- All dates are read correctly now."
    assert copies(copy, "A name.")
    assert not copies(copy, "A date.\n")  # the example's own input
    assert not copies("- All names are read correctly now.", "A name.")
    assert not copies(copy, "A name.", {**LEARNT, "response_format": FORM})


def test_a_short_answer_may_be_that_of_an_example():
    label = {**LEARNT, "system_prompt": "Mood?\n\nExample input:\nIt broke.\nExample output:\nbad"}
    assert not copies("bad", "It burnt.", label)


def test_what_copies_a_log_that_repeats_itself_does_not_loop():
    log = "connection refused by the server\n" * 20
    assert failed(log, log) == []


# --- form


@pytest.mark.parametrize("output", ['{"a": 1}', " [] \n", '```json\n{"a": 1}\n```', "```\n1\n```"])
def test_json_is_json_with_or_without_a_fence(output):
    assert failed(output, json=True) == []


@pytest.mark.parametrize("output", ["{", "Here it is: {}", "{'a': 1}", "[" * 100_000])
def test_what_is_no_json_is_found_when_json_is_wanted(output):
    problem = failed(output, json=True)[0]
    assert problem.startswith("invalid-json: not JSON: ")
    assert failed(output) == []


def test_an_agent_is_held_to_the_form_it_was_told_to_write_in():
    found = failed('{"label": 3}', ensemble=CLASSIFIER)
    assert found[0].startswith("schema: `write`: `label`: 3 is not")
    assert failed('{"label": "bug"}', ensemble=CLASSIFIER) == []


def test_the_whole_output_is_held_to_the_schema_that_is_declared():
    schema = {"type": "array", "minItems": 2}
    assert failed("[1, 2]", schema=schema) == []
    (found,) = failed("[1]", schema=schema)
    assert found.startswith("schema: [1] ")


def test_a_schema_of_texts_holds_for_the_text_itself():
    schema = {"type": "string", "description": "one line", "pattern": "^[^\n]+$"}
    assert failed("fine", schema=schema) == []
    assert failed("```\nfine\n```", schema=schema) == []
    (found,) = failed("a line\nand another that makes it too long to repeat", schema=schema)
    assert found == 'schema: not one line: it does not match "^[^\n]+$"'


@pytest.mark.parametrize("schema", [{"type": 3}, {"$ref": "https://example.org/x.json"}])
def test_a_broken_schema_says_so_and_contacts_nobody(schema):
    assert "the schema itself is broken" in failed("{}", schema=schema)[0]


@pytest.mark.parametrize(
    "output", ['{"label": "bug"}', "bug", "`Bug`.", '```json\n{"label":"bug"}\n```']
)
def test_a_label_of_the_set_is_fine_in_any_dress(output):
    assert failed(output, labels=("bug", "feature")) == []


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ('{"label": "praise"}', "`praise` is none of the labels: bug, feature"),
        ("It is a bug, I think", "`It is a bug, I think` is none of the labels: bug, feature"),
        ('{"class": "bug"}', "there is no label: bug, feature"),
        ("[]", "there is no label: bug, feature"),
    ],
)
def test_a_label_outside_the_set_is_told(output, said):
    assert failed(output, labels=("bug", "feature")) == [f"label: {said}"]


def test_the_set_is_that_of_the_answer_s_own_form():
    assert "label: `praise` is none of the labels: bug, feature" in failed(
        '{"label": "praise"}', ensemble=CLASSIFIER
    )


# --- items


@pytest.mark.parametrize(
    ("units", "given", "output"),
    [
        (("lines", "lines"), "a\n\nb\n", "A\nB"),
        (("paragraphs", "headings"), "a\nb\n\nc", "# All\n## 1\nA\n## 2\nB"),
        (("list items", "entries"), "- a\n2) b\n", '{"rows": [{"x": [1]}, {}]}'),
        (("lines", "list items"), "a\nb", "Here:\n1. A\n2. B"),
    ],
)
def test_items_are_counted_in_their_units(units, given, output):
    assert failed(output, given, items=units) == []
    assert "items" in failed(output, f"{given}\n\n- more", items=units)[0]


def test_a_dropped_item_is_told_in_numbers():
    found = failed("A", "a\nb\nc", items=("lines", "lines"))
    assert found == ["items: 3 lines went in and 1 lines came out"]


# --- branches


def test_branches_that_delivered_nothing_spoil_the_synthesis():
    found = failed("fine", tokens={"said": " "})
    assert found == ["branches: 1 of 1 branches delivered nothing"]
    assert failed("fine", tokens={"said": " "}, failed_percent=99) != []


def broken(names: set[str], **expected):
    branches = [f"b{number}" for number in range(4)]
    agents: list[dict[str, object]] = [{"name": one, "model_profile": "p"} for one in branches]
    last: dict[str, object] = {"name": "end", "model_profile": "p", "depends_on": branches}
    results = tuple(
        AgentResult(
            name=str(one["name"]),
            status=AgentStatus.FAILED if one["name"] in names else AgentStatus.SUCCEEDED,
            output="x",
        )
        for one in (*agents, last)
    )
    told = Outcome(output="fine", agents=results, seconds=1, error="`b0` failed: timed out")
    return Material(
        outcome=told,
        ensemble={"agents": [*agents, last]},
        input="",
        expected=Expected(**expected),
    )


def test_a_failed_branch_is_tolerated_only_where_the_ensemble_says_so():
    assert not tolerated(broken({"b0"}))
    assert tolerated(broken({"b0"}, failed_percent=25))
    assert not tolerated(broken({"b0", "b1"}, failed_percent=25))
    assert not tolerated(broken({"end"}, failed_percent=25))
    assert passed(check_output(broken({"b0"}, failed_percent=25)))


# --- language

ENGLISH = "The report says that the export was moved to the new database and is faster now."
GERMAN = "Der Bericht sagt, dass der Export auf die neue Datenbank verschoben wurde."


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", ENGLISH),
        ("de", GERMAN),
        ("fr", "Le rapport dit que la base de données est plus rapide pour les clients."),
        ("es", "El informe dice que la base de datos es más rápida para los clientes."),
        ("it", "Il rapporto dice che il database è più veloce e che i clienti sono contenti."),
        ("nl", "Het rapport zegt dat de database sneller is en dat het werk niet klaar is."),
        ("zh", "报告说导出已移至新数据库，现在速度更快。"),
        ("ja", "レポートによると、エクスポートは新しいデータベースに移動しました。"),
        ("ru", "В отчёте говорится, что экспорт перенесён в новую базу данных."),
        ("", "export, database, 300 ms"),
        ("", "x = f(y)"),
    ],
)  # fmt: skip
def test_a_language_is_known_where_it_is_plain(code, text):
    assert language_of(text) == code


def test_an_answer_may_be_in_the_language_of_the_input_or_of_the_instruction():
    told = {"agents": [{"name": "write", "model_profile": "p", "system_prompt": ENGLISH}]}
    assert failed(GERMAN, GERMAN, ensemble=told) == []
    assert failed(ENGLISH, GERMAN, ensemble=told) == []
    assert failed("报告说导出已移至新数据库，现在速度更快。", ENGLISH, ensemble=told) == [
        "language: it is written in `zh`, expected is `en`"
    ]
    assert failed(ENGLISH, GERMAN, ensemble=told, language="input") != []
    assert failed(GERMAN, ENGLISH, ensemble=told, language="de") == []
    assert failed(GERMAN, ENGLISH, ensemble=told, language="any") == []


# --- grounded

SOURCE = (
    "Invoice 2041 of 12 March. Rivera Plumbing repaired two taps for the Old Harbour Hotel in"
    " Germany. The total is 1,240.00 EUR. The manager wrote: “we are happy with the quick work”."
)
ALL = ("names", "numbers", "quotes")


@pytest.mark.parametrize(
    "output",
    [
        "The German hotel paid 1240 EUR to Rivera for two taps.",
        "The invoice (OHH) names 1.240,00 EUR. There are 3 facts in it.",
        "The manager of the hotel says: “we are happy with the quick work”.",
        '{"total": 1240.0, "sender": "Rivera Plumbing", "date": "12 March"}',
        "## Key Findings About Money\n\nThe price of Rivera's work was 1240 EUR.",
        "1. The invoice 2041\n2. The hotel\n13. The rest of it",
    ],
)
def test_what_the_input_says_in_other_words_is_grounded(output):
    assert failed(output, SOURCE, grounded=ALL) == []


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("The bill was sent by Rivera and by Alice Weber.", "names Alice, Weber"),
        ("The total was 1,250 EUR for the work.", "numbers 1,250"),
        ('{"total": 99.5}', "numbers 99.5"),
        ('{"sender": "Baker Ltd"}', "names Baker, Ltd"),
        ("He said: “they were never repaired”.", "quotes “they were never repaired”"),
    ],
)  # fmt: skip
def test_what_is_invented_is_named(output, said):
    assert failed(output, SOURCE, grounded=ALL) == [f"grounded: not in the input: {said}"]


def test_what_a_worked_example_says_is_invented_when_the_input_does_not_say_it():
    prompt = "Extract the sender.\n\nExample input:\nBaker Ltd\nExample output:\n{}"
    told = {"agents": [{"name": "write", "model_profile": "p", "system_prompt": prompt}]}
    assert failed('{"sender": "Baker Ltd"}', SOURCE, ensemble=told, grounded=ALL) != []


def test_where_every_noun_looks_like_a_name_names_are_not_looked_at():
    text = "Die Rechnung ist für die Reparatur und der Betrag wird von dem Hotel bezahlt."
    assert failed(text, SOURCE, grounded=("names",), language="any") == []
