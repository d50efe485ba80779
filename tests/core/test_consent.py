"""What counts as a person's yes to a plan, and what does not."""

from __future__ import annotations

import pytest

from conductor.core.consent import KEEP, PROMOTE, Client, Reply, form, heard
from conductor.core.plan import Change, Plan, PlannedFile
from conductor.core.readiness import Readiness
from conductor.core.tier import Tier

READINESS = Readiness(
    ensemble="tidy", tier=Tier.GLOBAL, text_digest="sha256:1", bound_digest="sha256:2", gates=()
)
PLAN = Plan(
    ensemble="tidy",
    source=Tier.LOCAL,
    target=Tier.GLOBAL,
    destination="/home/ada/.config/llm-orc",
    at="2026-11-24T05:06:07.089Z",
    policy="sha256:3",
    readiness=READINESS,
    evidence={"judge": "human", "good": 5, "acceptable": 1, "poor": 0, "distinct_inputs": 4},
    files=(
        PlannedFile(path="scripts/a.py", digest=f"sha256:{'a' * 64}", bytes=9, change=Change.SAME),
        PlannedFile(
            path="ensembles/tidy.yaml", digest=f"sha256:{'b' * 64}", bytes=9, change=Change.ADD
        ),
    ),
)
END = PLAN.digest[-6:]


def test_the_first_three_lines_say_what_on_which_evidence_and_where_to():
    assert form(PLAN).message.splitlines() == [
        f"Promote tidy, local -> global? Plan …{END}, 10 min.",
        "5 good, 1 acceptable, 0 poor by human, 4 inputs.",
        "Writes to /home/ada/.config/llm-orc: 1 new, 0 replaced, 1 there already.",
        "= scripts/a.py aaaaaaaaaaaa",
        "+ ensembles/tidy.yaml bbbbbbbbbbbb",
    ]


def test_no_field_of_the_form_is_filled_in_already():
    assert all("default" not in one for one in form(PLAN).fields.values())


def test_a_yes_is_the_choice_and_the_end_of_the_digest():
    reply = Reply(action="accept", fields={"decision": PROMOTE, "typed": END})
    assert heard(PLAN, reply) == (True, "")


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (Reply(action="cancel"), "`cancel`; perhaps nobody was asked"),
        (Reply(action="decline"), "`decline`; perhaps nobody was asked"),
        (Reply(action="decline", fields={"decision": PROMOTE, "typed": END}), "`decline`"),
        (Reply(action="accept"), ""),
        (Reply(action="accept", fields={"decision": KEEP, "typed": END}), ""),
        (Reply(action="accept", fields={"decision": True, "typed": END}), ""),
        (Reply(action="accept", fields={"decision": PROMOTE}), "not the end of the plan's digest"),
        (Reply(action="accept", fields={"decision": PROMOTE, "typed": ""}), "not the end"),
        (Reply(action="accept", fields={"decision": PROMOTE, "typed": "000000"}), "not the end"),
    ],
)
def test_anything_else_is_no_yes(reply: Reply, why: str):
    said, problem = heard(PLAN, reply)
    assert not said
    assert why in problem


@pytest.mark.parametrize(
    ("client", "known"),
    [
        (Client(name="claude-code", version="2.1.199", asks=True), True),
        (Client(name="claude-code", version="3.0.0", asks=True), True),
        (Client(name="claude-code", version="2.1.330", asks=False), False),
        (Client(name="claude-code", version="2.1.198", asks=True), False),
        (Client(name="claude-code", version="2.1.99", asks=True), False),
        (Client(name="claude-code", version="next", asks=True), False),
        (Client(name="claude-code", version="", asks=True), False),
        (Client(name="an-editor", version="2.1.330", asks=True), False),
        (Client(), False),
    ],
)
def test_only_clients_that_are_known_to_ask_count(client: Client, known: bool):
    assert client.known_to_ask == known
