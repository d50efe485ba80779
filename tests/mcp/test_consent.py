"""Promotion by tool: what reaches a person, what they decide, and what is left of it."""

from __future__ import annotations

from pathlib import Path
from threading import Barrier

import anyio
import pytest

from conductor.adapters import clock, homes
from conductor.app.plans import wants_signature
from conductor.app.project import Project
from conductor.core.consent import MINUTES
from conductor.core.entries import Consent
from conductor.mcp.session import Session
from tests.mcp.talking import call, person, said, talk
from tests.promoting import NAME

BY_HAND = f"in a terminal of your own: conductor promote {NAME} --to global"
LATER = (MINUTES + 1) * 60


@pytest.fixture
def session(ready: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Project, "_isolate", lambda *_: "")
    with Session(str(ready)) as made:
        yield made


def planned(session: Session):
    answer = call(session, "promotion_plan", {"ensemble": NAME, "to": "global"})
    assert answer.structuredContent["next"] == "promote_apply asks the person", said(answer)
    return {"digest": answer.structuredContent["digest"]}


def promoted() -> bool:
    return Path(homes.global_tier(), f"ensembles/{NAME}.yaml").exists()


def consents(session: Session) -> list[Consent]:
    with session.project() as project:
        return project.ledger.entries(Consent)


def test_a_person_s_yes_promotes_once_and_is_recorded(session: Session, monkeypatch):
    monkeypatch.setenv("CLAUDE_CODE_SESSION_ID", "session-1")
    plan = planned(session)
    assert not promoted()
    result = call(session, "promote_apply", plan, answers=person())
    place = homes.global_tier()
    assert result.structuredContent == {"format": 1, "promoted": True, "place": place, **plan}
    assert promoted()
    (recorded,) = consents(session)
    assert (recorded.digest, recorded.granted) == (plan["digest"], True)
    assert recorded.context.ensemble == NAME
    assert recorded.way.startswith(
        "mcp client=claude-code/2.1.330 session=session-1 form=accept/promote user="
    )
    again = call(session, "promote_apply", plan, answers=person())
    assert "no plan of this session has that digest" in said(again)


def test_a_no_is_an_answer_and_the_plan_is_over(session: Session):
    plan = planned(session)
    result = call(session, "promote_apply", plan, answers=person("keep as is"))
    assert (result.isError, result.structuredContent["promoted"]) == (False, False)
    assert result.structuredContent["next"] == "the person declined: leave it as it is"
    again = call(session, "promote_apply", plan, answers=person())
    assert "no plan of this session has that digest" in said(again)
    assert not promoted()
    assert [one.granted for one in consents(session)] == [False]


def test_a_form_that_nobody_filled_in_is_a_refusal_with_the_way_by_hand(session: Session):
    result = call(session, "promote_apply", planned(session), answers=person(action="cancel"))
    assert result.isError
    assert "came back with `cancel`; perhaps nobody was asked" in said(result)
    assert BY_HAND in said(result)
    assert not promoted()
    assert [one.granted for one in consents(session)] == [False]


def test_a_plan_is_for_one_session_and_for_clients_that_ask_and_for_ten_minutes(
    session: Session, monkeypatch: pytest.MonkeyPatch
):
    plan = planned(session)
    with Session(session.folder) as other:
        elsewhere = call(other, "promote_apply", plan, answers=person())
    assert "no plan of this session has that digest" in said(elsewhere)
    for how in (
        {"client": ("claude-code", "2.1.197"), "answers": person()},
        {"client": ("an-editor", "3.0.0"), "answers": person()},
        {},  # it declares no forms
    ):
        refused = call(session, "promote_apply", plan, **how)
        assert "is not known to ask for it" in said(refused)
        assert BY_HAND in said(refused)
    later = clock.stopwatch() + LATER
    monkeypatch.setattr(clock, "stopwatch", lambda: later)
    late = call(session, "promote_apply", plan, answers=person())
    assert "the plan expired" in said(late)
    assert not promoted()


def test_two_calls_at_once_ask_the_person_once(session: Session, monkeypatch: pytest.MonkeyPatch):
    both = Barrier(2)
    asked = []

    def together(*arguments):
        both.wait(10)  # both have looked the plan up by then
        return wants_signature(*arguments)

    def person_counted(form):
        asked.append(form)
        return person()(form)

    async def script(connected):
        results = []

        async def applying():
            results.append(await connected.call_tool("promote_apply", plan))

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(applying)
            tasks.start_soon(applying)
        return results

    plan = planned(session)
    monkeypatch.setattr("conductor.mcp.consent.wants_signature", together)
    results = talk(session, script, answers=person_counted)
    (refused,) = (said(one) for one in results if one.isError)
    assert "no plan of this session has that digest" in refused
    assert len(asked) == 1
    assert len(consents(session)) == 1


def test_a_plan_expires_while_the_question_stands(session: Session, monkeypatch):
    plan, yes = planned(session), person()

    def slowly(form):
        later = clock.stopwatch() + LATER
        monkeypatch.setattr(clock, "stopwatch", lambda: later)
        return yes(form)

    result = call(session, "promote_apply", plan, answers=slowly)
    assert "the plan expired while the question stood" in said(result)
    assert not promoted()


def test_a_file_that_changed_after_the_plan_makes_it_stale(session: Session):
    plan = planned(session)
    file = Path(session.folder, f".llm-orc/ensembles/{NAME}.yaml")
    file.write_text(file.read_text() + "# changed\n")
    result = call(session, "promote_apply", plan, answers=person())
    assert "the plan is stale" in said(result)
    assert "hint: call promotion_plan again" in said(result)
    assert not promoted()


def test_where_the_policy_wants_a_signature_no_dialog_will_do(session: Session):
    policy = Path(session.folder, "policy/promotion.toml")
    policy.write_text(policy.read_text().replace("[global]", "[global]\nsignature = true"))
    answer = call(session, "promotion_plan", {"ensemble": NAME, "to": "global"}).structuredContent
    by_hand = f"by hand: conductor promote {NAME} --to global --plan-out FILE"
    assert answer["next"] == f"the policy wants a person's signature, {by_hand}"
    plan = {"digest": answer["digest"]}
    result = call(session, "promote_apply", plan, answers=person())
    assert "needs a person's signature" in said(result)
    assert not promoted()


def test_what_is_not_ready_has_nothing_to_apply(session: Session):
    arguments = {"ensemble": "summarize-document", "to": "global"}
    answer = call(session, "promotion_plan", arguments).structuredContent
    assert "digest" not in answer
    assert answer["plan"]["gates"]["evaluations"] == "waiting"
    look = "conductor readiness summarize-document --to global"
    assert answer["next"] == f"you must act (generality): {look} --assess"


def test_what_is_there_already_has_nothing_to_apply(session: Session):
    call(session, "promote_apply", planned(session), answers=person())
    again = call(session, "promotion_plan", {"ensemble": NAME, "to": "global"}).structuredContent
    assert "digest" not in again
    assert again["next"] == f"nothing to do: {NAME} is in tier global already, as it is here"


def test_what_only_needs_more_use_is_left_to_time(session: Session):
    policy = Path(session.folder, "policy/promotion.toml")
    text = policy.read_text()  # the library never asks for less than global
    policy.write_text(text.replace("good = 3\n", "good = 9\n").replace("good = 5\n", "good = 9\n"))
    answer = call(session, "promotion_plan", {"ensemble": NAME, "to": "global"}).structuredContent
    look = f"conductor readiness {NAME} --to global"
    assert answer["next"] == f"nothing to do now, it needs more use: {look}"
