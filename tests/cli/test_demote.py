"""`demote` and `status`: the way back, and what differs until then."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from conductor.adapters import homes
from conductor.adapters.tree import Tree
from conductor.app import demote, demote_global, trash
from conductor.app.deprecations import deprecations
from conductor.app.manifest import read_manifest
from conductor.app.promote import apply, prepare
from conductor.core.demotion import Act, Demotion, Wish
from conductor.core.entries import Promotion
from conductor.core.tier import Tier
from conductor.errors import OutsideError, UsageError
from tests.conftest import command
from tests.lint.examples import ENSEMBLE
from tests.promoting import NAME, opened
from tests.signing import new_key, sign, trust
from tests.terminal import converse

DEMOTE = ["demote", NAME, "--from", "global", "--reason", "it repeats itself"]


@pytest.fixture
def promoted(ready: Path) -> Path:
    """A workspace whose ensemble is in tier global."""
    with opened(ready) as project:
        apply(project, prepare(project, NAME, Tier.GLOBAL), consent="yes")
    return ready


def there(pattern: str = "**/*") -> dict[str, bytes]:
    """Every file of tier global that conductor put there."""
    root = Path(homes.global_tier())
    found = {one.relative_to(root).as_posix(): one for one in root.glob(pattern) if one.is_file()}
    return {path: one.read_bytes() for path, one in found.items() if path != ".conductor.json"}


WISH = Wish(ensemble=NAME, tier=Tier.GLOBAL, reason="it repeats itself")


def planned(folder: Path, wish: Wish = WISH) -> Demotion:
    with opened(folder) as project:
        return demote.prepare(project, wish)


def carry_out(folder: Path, wish: Wish = WISH) -> None:
    with opened(folder) as project:
        demote.apply(project, demote.prepare(project, wish), consent="yes")


def plain(shown: str, folder: Path) -> str:
    shown = shown.replace(homes.global_tier(), "~/.config/llm-orc").replace(str(folder), "~/w")
    return re.sub(r"plan [0-9a-f]{8}|\d{4}-\d\d-\d\d(T[\d:.]+Z)?", "…", shown)


def test_a_demotion_is_shown_asked_carried_out_and_put_back_byte_for_byte(promoted, snapshot):
    before = there()
    code, shown = converse(promoted, DEMOTE, [("Demote? [y/N]:", "y")])
    assert (code, there()) == (0, {})
    assert plain(shown, promoted) == snapshot
    code, shown = converse(
        promoted, ["demote", NAME, "--from", "global", "--restore"], [("Restore? [y/N]:", "y")]
    )
    assert (code, there()) == (0, before), shown
    assert NAME in read_manifest(Tree(homes.global_tier()))
    assert trash.latest(NAME) is None


def test_a_no_changes_nothing(promoted):
    before = there()
    code, _ = converse(promoted, DEMOTE, [("Demote? [y/N]:", "n")])
    assert (code, there()) == (1, before)


def test_without_a_terminal_nothing_is_demoted(promoted):
    before = there()
    done = command(*DEMOTE, folder=promoted, stdin="y\n")
    assert (done.returncode, there()) == (2, before)
    assert "needs a person's yes, and there is no terminal" in done.stderr


def test_what_others_need_stays_and_whoever_runs_it_keeps_it(promoted):
    tier = Path(homes.global_tier())
    (tier / "ensembles/other.yaml").write_text(ENSEMBLE.replace("name: example", "name: other"))
    plan = planned(promoted)
    assert plan.kept == {"profiles/conductor-small.yaml": ("other",)}
    carry_out(promoted)
    assert set(there()) == {"ensembles/other.yaml", "profiles/conductor-small.yaml"}


def test_an_ensemble_that_another_one_runs_is_not_demoted(promoted):
    child = f"name: boss\nagents:\n  - name: ask\n    ensemble: {NAME}\n"
    Path(homes.global_tier(), "ensembles/boss.yaml").write_text(child)
    done = command(*DEMOTE, folder=promoted)
    assert done.returncode == 1
    assert "not possible: in this tier, boss runs it" in done.stderr


def test_what_somebody_changed_there_is_not_removed(promoted):
    file = Path(homes.global_tier(), f"ensembles/{NAME}.yaml")
    file.write_text(file.read_text() + "# mine\n")
    done = command(*DEMOTE, "--json", folder=promoted)
    assert done.returncode == 1
    assert json.loads(done.stdout)["changed"] == [f"ensembles/{NAME}.yaml"]
    assert file.read_text().endswith("# mine\n")


@pytest.mark.parametrize("after", [0, 2])
def test_an_interrupted_demotion_is_finished_and_nothing_is_lost(promoted, monkeypatch, after):
    before = there()
    removed: list[str] = []

    def remove(self: Tree, path: str) -> None:
        if len(removed) == after:
            raise KeyboardInterrupt
        removed.append(path)
        Path(self.root, path).unlink()

    with monkeypatch.context() as patch:
        patch.setattr(Tree, "remove", remove)
        with pytest.raises(KeyboardInterrupt):
            carry_out(promoted)
    carry_out(promoted)
    assert there() == {}
    with opened(promoted) as project:
        demote_global.restore(project, demote_global.restorable(NAME))
    assert there() == before


def test_a_plan_of_the_past_is_not_carried_out(promoted):
    plan = planned(promoted)
    Path(homes.global_tier(), f"ensembles/{NAME}.yaml").write_text("name: other\n")
    with opened(promoted) as project, pytest.raises(OutsideError, match="changed after the plan"):
        demote.apply(project, plan, consent="yes")


def test_nothing_is_restored_over_something_else(promoted):
    carry_out(promoted)
    Path(homes.global_tier(), f"ensembles/{NAME}.yaml").write_text("name: other\n")
    with opened(promoted) as project, pytest.raises(OutsideError, match="something else"):
        demote_global.restore(project, demote_global.restorable(NAME))


def test_the_ledger_says_why(promoted):
    carry_out(promoted)
    with opened(promoted) as project:
        last = project.ledger.entries(Promotion, ensemble=NAME)[-1]
    assert (last.act, last.from_tier) == ("demoted", "global")
    assert json.loads(last.detail)["reason"] == "it repeats itself"


def test_what_conductor_did_not_promote_is_refused(promoted):
    done = command("demote", "adr-reviev", "--from", "global", "--reason", "old", folder=promoted)
    assert done.returncode == 2
    assert f"did you mean `{NAME}`?" in done.stderr


# Deprecation.

OTHER = ENSEMBLE.replace("name: example", "name: adr-check")
DEPRECATED = Wish(
    ensemble=NAME,
    tier=Tier.GLOBAL,
    act=Act.DEPRECATE,
    reason="it reads one file only",
    replaced_by="adr-check",
)


@pytest.fixture
def replaced(promoted: Path) -> Path:
    """Another ensemble is in tier global, and in this workspace."""
    for tier in (Path(homes.global_tier()), promoted / ".llm-orc"):
        (tier / "ensembles/adr-check.yaml").write_text(OTHER)
    return promoted


def test_what_is_deprecated_stays_and_says_what_to_use(replaced, snapshot):
    before = there()
    wish = ["--deprecate", "--reason", DEPRECATED.reason, "--replaced-by", "adr-check"]
    words = ["demote", NAME, "--from", "global", *wish]
    code, shown = converse(replaced, words, [("Deprecate? [y/N]:", "y")])
    assert code == 0, shown
    assert plain(shown, replaced) == snapshot
    assert {path: data for path, data in there().items() if path in before} == before
    told = f"{DEPRECATED.reason}; use `adr-check`"
    assert told in command("ensembles", "show", NAME, folder=replaced).stdout
    listed = command("ensembles", "list", "--tier", "local", folder=replaced).stdout
    assert "deprecated" in next(row for row in listed.splitlines() if row.startswith(f"{NAME} "))
    found = json.loads(command("ensembles", "show", NAME, "--json", folder=replaced).stdout)
    assert found["deprecated"]["replaced_by"] == "adr-check"


def test_find_prefers_what_is_not_deprecated(replaced):
    words = ["ensembles", "find", "x", "--task", "summarization", "--json"]
    for name in (NAME, "adr-check"):
        file = replaced / f".llm-orc/ensembles/{name}.yaml"
        file.write_text(re.sub(r"(?m)^  task: .*$", "  task: summarization", file.read_text()))
    found = json.loads(command(*words, folder=replaced).stdout)["ensembles"]
    assert [one["name"] for one in found][:2] == ["adr-check", NAME]
    wish = replace(DEPRECATED, ensemble="adr-check", replaced_by=NAME)
    carry_out(replaced, wish)
    found = json.loads(command(*words, folder=replaced).stdout)["ensembles"]
    assert [one["name"] for one in found] == [NAME, "summarize-document", "adr-check"]


def test_a_deprecation_can_be_undone_and_goes_along_when_the_ensemble_leaves(replaced):
    before = there()
    carry_out(replaced, DEPRECATED)
    assert f"status/{NAME}.json" in there()
    carry_out(replaced, replace(DEPRECATED, act=Act.RENEW, reason="", replaced_by=""))
    assert there() == before
    carry_out(replaced, DEPRECATED)
    marked = there()
    carry_out(replaced)
    assert set(there()) == {"ensembles/adr-check.yaml", "profiles/conductor-small.yaml"}
    with opened(replaced) as project:
        demote_global.restore(project, demote_global.restorable(NAME))
    assert there() == marked


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"replaced_by": "adr-chek"}, "there is no ensemble `adr-chek` in tier global"),
        ({"replaced_by": NAME}, "does not replace itself"),
        ({"replaced_by": "../x"}, "cannot be promoted under this name"),
        ({"ensemble": "nothing"}, "there is no ensemble `nothing` in tier global"),
        ({"reason": " "}, "a reason has 1 to 500 characters"),
        ({"act": Act.REMOVE}, "what is removed has no replacement"),
        ({"act": Act.RENEW, "replaced_by": ""}, "is not deprecated in tier global"),
    ],
)
def test_a_wish_that_cannot_be_is_told(replaced, changes, told):
    with pytest.raises(UsageError, match=re.escape(told)):
        planned(replaced, replace(DEPRECATED, **changes))


def test_a_replacement_is_not_deprecated_itself(replaced):
    carry_out(replaced, DEPRECATED)
    other = replace(DEPRECATED, ensemble="adr-check", replaced_by=NAME)
    with pytest.raises(UsageError, match="is deprecated: it reads one file only; use `adr-check`"):
        planned(replaced, other)


@pytest.mark.parametrize(
    "damaged",
    [b"no JSON", b"[]", b'{"format": 1}', b"x" * 20_000, b'{"ensemble": "other"}'],
)
def test_a_damaged_status_deprecates_nothing(replaced, damaged):
    carry_out(replaced, DEPRECATED)
    Path(homes.global_tier(), f"status/{NAME}.json").write_bytes(damaged)
    assert deprecations(str(replaced)) == {}


def test_a_signed_plan_is_carried_out_once_and_only_as_it_is(replaced, tmp_path):
    plan, key = tmp_path / "plan.json", new_key(tmp_path / "key")
    trust(key)
    words = ["demote", NAME, "--from", "global"]
    made = [*words, "--deprecate", "--reason", "old", "--plan-out", str(plan)]
    assert command(*made, folder=replaced).returncode == 0
    signed = [*words, "--apply", str(plan), "--signature", str(sign(key, plan))]
    text = plan.read_text()
    plan.write_text(text.replace('"old"', '"other"'))
    done = command(*signed, folder=replaced)
    assert (done.returncode, "the plan is stale: written" in done.stderr) == (2, True)
    assert deprecations(str(replaced)) == {}
    plan.write_text(text)
    assert command(*signed, folder=replaced).returncode == 0
    assert deprecations(str(replaced))[NAME].reason == "old"
    done = command(*signed, folder=replaced)
    assert (done.returncode, "carried out already" in done.stderr) == (2, True)


# Drift.


def drifts(folder: Path, name: str = NAME) -> tuple[str, dict[str, str], int]:
    done = command("status", name, "--json", folder=folder)
    (one,) = json.loads(done.stdout)["ensembles"]
    differing = {path: how for path, how in one["files"].items() if how != "same"}
    return one["drift"], differing, done.returncode


def test_status_says_which_file_changed_on_which_side(promoted):
    path = f"ensembles/{NAME}.yaml"
    here, tier = promoted / ".llm-orc" / path, Path(homes.global_tier(), path)
    assert drifts(promoted) == ("same", {}, 0)
    original = here.read_text()
    here.write_text(original + "# here\n")
    assert drifts(promoted) == ("ahead", {path: "ahead"}, 1)
    tier.write_text(original + "# there\n")
    assert drifts(promoted) == ("diverged", {path: "diverged"}, 1)
    here.write_text(original)
    assert drifts(promoted) == ("behind", {path: "behind"}, 1)
    here.unlink()
    assert drifts(promoted)[0] == "orphan"


def test_status_compares_with_the_workspace_it_came_from(promoted, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    assert drifts(elsewhere) == ("same", {}, 0)
    shutil.rmtree(promoted)
    assert drifts(elsewhere)[0] == "orphan"


def test_status_of_everything(promoted, snapshot):
    carry_out(promoted)
    done = command("status", folder=promoted)
    assert done.returncode == 0
    assert plain(done.stdout, promoted) == snapshot


WAIVED = ENSEMBLE.replace("name: example", "name: mine").replace("in one short text", "for ADR-048")


def test_status_shows_waivers_and_which_no_longer_count(promoted):
    file = promoted / ".llm-orc/ensembles/mine.yaml"
    file.write_text(WAIVED)
    listed = command("lint", "mine", "--tier", "library", "--json", folder=promoted)
    (match,) = {
        one["match"] for one in json.loads(listed.stdout)["findings"] if one["code"] == "P206"
    }
    for rule, until in (("P206", "2999-01-01"), ("tracker-reference", "2020-01-01")):
        file.write_text(
            f"{WAIVED}  waivers:\n    - {{rule: {rule}, at: description, match: '{match}',"
            f" until: {until}, reason: it reviews records of decisions}}\n"
        )
        done = command("status", "mine", folder=promoted)
        expected = (1, f"ended on {until}") if until < "2026" else (0, f"counts until {until}")
        assert (done.returncode, expected[1] in done.stdout) == (expected[0], True), done.stdout
    file.write_text(file.read_text().replace("2020", "2999").replace("ADR-048", "ADR-049"))
    done = command("status", "mine", folder=promoted)
    assert done.returncode == 1
    assert "is about nothing that is found here" in done.stdout
