"""`readiness` and `promote` as a person meets them."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from conductor.adapters import homes
from conductor.app.consents import record, trusted
from conductor.app.promote import apply, prepare
from conductor.core.digest import digest_bytes
from conductor.core.entries import Consent
from conductor.core.tier import Tier
from tests.conftest import command
from tests.promoting import NAME, bind, opened
from tests.signing import new_key, sign, trust
from tests.terminal import converse

PROMOTE = ["promote", NAME, "--to", "global"]
TRUST = ("Trust it? [y/N]:", "y")


def promoted() -> bool:
    return Path(homes.global_tier(), f"ensembles/{NAME}.yaml").exists()


def plain(shown: str) -> str:
    """Take out what differs from one machine and moment to the next."""
    shown = shown.replace(homes.global_tier(), "~/.config/llm-orc")
    shown = re.sub(r"\d+\.\d KiB  [0-9a-f]{12}", "1.2 KiB  0123456789ab", shown)
    return re.sub(r"plan [0-9a-f]{8}", "plan 01234567", shown)


def test_what_is_missing_is_told_gate_by_gate(workspace: Path, snapshot):
    bind(workspace)
    with opened(workspace) as project:
        prepare(project, NAME, Tier.GLOBAL)  # keeps the engine's answer
    done = command("readiness", NAME, "--to", "global", folder=workspace)
    assert done.returncode == 1
    assert done.stdout == snapshot


def test_a_ready_one_has_nothing_left_to_do(ready: Path, snapshot):
    done = command("readiness", NAME, "--to", "global", "--json", folder=ready)
    assert done.returncode == 0
    answer = json.loads(done.stdout)
    assert next(iter(answer)) == "format"
    assert answer["ready"]
    assert {one["gate"]: one["verdict"] for one in answer["gates"]} == snapshot


def test_the_plan_is_shown_before_the_question(ready: Path, snapshot):
    code, shown = converse(ready, PROMOTE, [TRUST, ("Promote? [y/N]:", "y")])
    assert code == 0
    assert promoted()
    assert plain(shown) == snapshot


@pytest.mark.parametrize("answer", ["n", ""])
def test_a_no_writes_nothing(ready: Path, answer: str):
    code, shown = converse(ready, PROMOTE, [TRUST, ("Promote? [y/N]:", answer)])
    assert (code, promoted()) == (1, False)
    assert "nothing was written" in shown


def test_a_script_is_trusted_once_for_its_bytes(ready: Path):
    code, shown = converse(ready, PROMOTE, [("Trust it? [y/N]:", "n")])
    assert (code, promoted(), "Promote?" in shown) == (1, False, False)
    with opened(ready) as project:
        said, _plan = project.ledger.entries(Consent)
        assert (said.subject, said.granted, trusted(project)) == ("script", False, frozenset())
        script = digest_bytes((ready / ".llm-orc/scripts/join.py").read_bytes())
        record(project, "script", script, context=said.context, granted=True, way="terminal")
        assert trusted(project) == {said.digest} == {script}
    code, shown = converse(ready, PROMOTE, [("Promote? [y/N]:", "y")])
    assert (code, promoted(), "Trust it?" in shown) == (0, True, False)


def test_where_the_policy_wants_a_signature_a_yes_is_not_enough(ready: Path):
    policy = ready / "policy/promotion.toml"
    policy.write_text(policy.read_text().replace("[global]", "[global]\nsignature = true"))
    done = command(*PROMOTE, folder=ready)
    assert (done.returncode, promoted()) == (2, False)
    assert "promoting to global needs a person's signature, as the policy says" in done.stderr


def test_an_answer_at_the_terminal_is_recorded(ready: Path):
    converse(ready, PROMOTE, [TRUST, ("Promote? [y/N]:", "n")])
    with opened(ready) as project:
        _script, consent = project.ledger.entries(Consent)
    assert (consent.granted, consent.subject) == (False, "plan")
    assert consent.way.startswith("terminal user=")


def test_without_a_terminal_nothing_is_promoted(ready: Path):
    done = command(*PROMOTE, folder=ready, stdin="y\n")
    assert (done.returncode, promoted()) == (2, False)
    assert "needs a person's yes, and there is no terminal" in done.stderr


def test_claude_code_cannot_say_yes(ready: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CLAUDE_CODE_CHILD_SESSION", "1")
    code, shown = converse(ready, PROMOTE, [])
    assert (code, promoted()) == (2, False)
    assert "and Claude Code runs this command" in shown


def test_what_is_not_ready_is_not_asked_about(bare: Path):
    bind(bare)
    code, shown = converse(bare, PROMOTE, [])
    assert (code, promoted()) == (1, False)
    assert "not ready:" in shown


def test_what_is_there_already_is_not_asked_about(ready: Path):
    with opened(ready) as project:
        apply(project, prepare(project, NAME, Tier.GLOBAL), consent="yes")
    done = command(*PROMOTE, folder=ready)
    assert done.returncode == 0
    assert f"{NAME} is in tier global already" in done.stderr


def test_there_is_no_yes_for_scripts(ready: Path):
    done = command(*PROMOTE, "--yes", folder=ready)
    assert (done.returncode, promoted()) == (2, False)


def test_the_generality_of_an_ensemble_is_assessed_reasoning_first(ready: Path):
    base = ("readiness", NAME, "--to", "global", "--assess", "--json")
    done = command(*base, "--verdict", "good", folder=ready)
    assert done.returncode == 2
    assert "lacks its reasoning" in done.stderr
    poor = ("--reasoning", "It names a team.", "--verdict", "poor", "--failure-mode")
    done = command(*base, *poor, "project-bound", folder=ready)
    gates = {one["gate"]: one for one in json.loads(done.stdout)["gates"]}
    assert gates["generality"]["verdict"] == "needs-consent"
    assert gates["generality"]["seen"] == "poor (project-bound) by human: It names a team."


def test_a_person_reads_the_ensemble_before_assessing_it(ready: Path):
    code, shown = converse(
        ready,
        ["readiness", NAME, "--to", "global", "--assess"],
        [("Reasoning (which part of the ensemble decides?)", "All of it."), ("Verdict:", "good")],
    )
    assert code == 0
    assert shown.index("system_prompt") < shown.index("Reasoning (")
    assert "good by human: All of it." in shown


def test_terminal_escapes_in_foreign_text_are_shown_and_not_obeyed(ready: Path):
    done = command(
        *("readiness", NAME, "--to", "global", "--assess"),
        *("--reasoning", "\x1b[2Jgone", "--verdict", "good"),
        folder=ready,
    )
    assert "\\x1b[2Jgone" in done.stdout
    assert "\x1b" not in done.stdout


# A machine carries out what a person signed.


@pytest.fixture
def key(tmp_path: Path) -> Path:
    return new_key(tmp_path / "key")


@pytest.fixture
def plan(ready: Path, tmp_path: Path) -> Path:
    path = tmp_path / "plan.json"
    assert command(*PROMOTE, "--plan-out", str(path), folder=ready).returncode == 0
    assert not promoted()
    return path


def carry_out(ready: Path, plan: Path, signature: Path) -> subprocess.CompletedProcess[str]:
    arguments = ("--apply", str(plan), "--signature", str(signature))
    return command(*PROMOTE, *arguments, folder=ready)


def test_a_signed_plan_is_carried_out_without_a_terminal(
    ready: Path, plan: Path, key: Path, monkeypatch: pytest.MonkeyPatch
):
    trust(key)
    signature = sign(key, plan)
    monkeypatch.setenv("CLAUDE_CODE_CHILD_SESSION", "1")
    done = carry_out(ready, plan, signature)
    assert (done.returncode, promoted()) == (0, True), done.stderr
    journal = next(Path(homes.state(), "promotions").iterdir()).read_text()
    assert '"consent": "signed by ada@example.org"' in journal
    again = carry_out(ready, plan, signature)
    assert again.returncode == 2
    assert "carried out already" in again.stderr


def test_a_signature_counts_for_its_plan_its_purpose_and_its_person_only(
    ready: Path, plan: Path, key: Path, tmp_path: Path
):
    signature = sign(key, plan)
    assert "nobody whose signature counts" in carry_out(ready, plan, signature).stderr
    trust(new_key(tmp_path / "other"))
    assert "nobody who is listed" in carry_out(ready, plan, signature).stderr
    trust(key)
    assert "not of this plan" in carry_out(ready, plan, sign_again(key, plan, "file")).stderr
    signature = sign_again(key, plan, "conductor-plan")
    plan.write_text(plan.read_text().replace('"digest"', ' "digest"', 1))
    assert "not of this plan" in carry_out(ready, plan, signature).stderr
    assert not promoted()


def sign_again(key: Path, plan: Path, namespace: str) -> Path:
    Path(f"{plan}.sig").unlink()
    return sign(key, plan, namespace)


def test_a_plan_without_a_signature_is_still_a_question(ready: Path, plan: Path):
    done = command(*PROMOTE, "--apply", str(plan), folder=ready)
    assert (done.returncode, promoted()) == (2, False)
    code, _ = converse(ready, [*PROMOTE, "--apply", str(plan)], [TRUST, ("Promote? [y/N]:", "y")])
    assert (code, promoted()) == (0, True)
