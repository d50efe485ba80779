"""Killed at any moment, the same command ends as if nothing had happened: promoted or demoted."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from conductor.adapters import homes
from conductor.app import demote, demote_global, promote
from conductor.core.demotion import Act, Wish
from conductor.core.entries import Promotion
from conductor.core.tier import Tier
from tests.dying import PROGRAMS, died
from tests.promoting import NAME, opened
from tests.registry.library import BRANCH, heads
from tests.registry.test_demotion import DEPRECATE, REMOVE, merged
from tests.repositories import git

pytestmark = pytest.mark.registry

REMOVED = Wish(ensemble=NAME, tier=Tier.GLOBAL, reason="it repeats itself")
Act_ = Callable[[Path], object]


def to_global(workspace: Path) -> None:
    with opened(workspace) as project:
        promote.apply(project, promote.prepare(project, NAME, Tier.GLOBAL), consent="yes")


def wishing(wish: Wish) -> Act_:
    def carry_out(workspace: Path) -> None:
        with opened(workspace) as project:
            made = demote.prepare(project, wish)
            demote.apply(project, made, consent=made.short)

    return carry_out


def restoring(workspace: Path) -> None:
    with opened(workspace) as project:
        demote_global.restore(project, demote_global.restorable(NAME))


# What is done, and what was done before it.
DONE: dict[str, tuple[Act_, tuple[Act_, ...]]] = {
    "promoted": (to_global, ()),
    "demoted": (wishing(REMOVED), (to_global,)),
    "restored": (restoring, (to_global, wishing(REMOVED))),
    "deprecated": (wishing(replace(REMOVED, act=Act.DEPRECATE)), (to_global,)),
}


def tier() -> dict[str, bytes]:
    """Every file of tier global, with the list of what was promoted."""
    root = Path(homes.global_tier())
    found = (one for one in root.rglob("*") if one.is_file())
    return {one.relative_to(root).as_posix(): one.read_bytes() for one in found}


def acts(workspace: Path) -> list[str]:
    with opened(workspace) as project:
        return [one.act for one in project.ledger.entries(Promotion, ensemble=NAME)]


def journals() -> dict[str, list[str]]:
    """The steps of each plan, those that were taken up again once."""
    found = {}
    for path in Path(homes.state(), "promotions").glob("*.jsonl"):
        steps = [json.loads(line)["step"] for line in path.read_text().splitlines()]
        found[path.name.rpartition(".")[0].rpartition(".")[0]] = list(dict.fromkeys(steps))
    return found


def put_back(places: dict[Path, Path]) -> None:
    for place, copy in places.items():
        shutil.rmtree(place)
        shutil.copytree(copy, place)


@pytest.mark.parametrize("act", DONE)
def test_killed_at_any_write_it_is_finished_by_the_same_command(
    ready: Path, tmp_path: Path, act: str
):
    carry_out, before = DONE[act]
    for earlier in before:
        earlier(ready)
    places = {Path.home(): tmp_path / "home.kept", ready / ".conductor": tmp_path / "state.kept"}
    for place, copy in places.items():
        shutil.copytree(place, copy)
    carry_out(ready)
    whole = set(tier()), acts(ready), journals().keys()
    at = FIRST[act]
    put_back(places)
    while died(lambda: carry_out(ready), at=at):
        carry_out(ready)
        assert (set(tier()), acts(ready), journals().keys()) == whole, at
        assert all(steps[-1].startswith("closed") for steps in journals().values()), at
        put_back(places)
        at += EVERY
    assert at > len(whole[0]) > 0


# With `EVERY` 1 each moment has its turn, which takes a minute and a half.
EVERY = 6
FIRST = {"promoted": 3, "demoted": 4, "restored": 5, "deprecated": 3}


@pytest.mark.parametrize("act", ["removal", "deprecation"])
def test_killed_at_any_command_a_proposal_is_finished_by_the_same_command(
    workspace: Path, library: Path, tmp_path: Path, act: str
):
    wish = {"removal": REMOVE, "deprecation": DEPRECATE}[act]
    merged(workspace, library, tmp_path)
    main = heads(library)["main"]
    carry_out, branch = wishing(wish), f"{BRANCH}-{act}"
    kept = tmp_path / "kept"
    places = {
        Path.home(): kept / "home",
        workspace / ".conductor": kept / "state",
        library: kept / "library",
    }
    for place, copy in places.items():
        shutil.copytree(place, copy)
    at = {"removal": 16, "deprecation": 18}[act]  # of 27 and 28 moments
    while died(lambda: carry_out(workspace), at=at, moments=PROGRAMS):
        carry_out(workspace)
        assert heads(library).keys() == {"main", branch}, at
        assert git("rev-list", "--count", f"main..{branch}", cwd=library).strip() == "1"
        assert (heads(library)["main"], acts(workspace)[-1:]) == (main, ["proposed"])
        (steps,) = (steps for name, steps in journals().items() if "from-library" in name)
        assert steps == ["opened", "pushed", "closed"], (at, steps)
        put_back(places)
        at += 5
    assert at > 20
