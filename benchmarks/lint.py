"""`conductor lint` of one closure and of a thousand, against reading their YAML as it does."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from conductor.adapters import files
from conductor.app.lint import Target, judge
from conductor.app.tier_folder import TierFolder
from conductor.compiler import foreign
from conductor.core.tier import Tier

FEW, MANY, ROUNDS = 100, 1000, 7
NAME = "adr-review"  # a swarm of 14 agents with four profiles and a script
TODAY = "2026-11-25"


def seconds(rounds: int, act: Callable[[], object]) -> float:
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        act()
        taken.append(time.perf_counter() - began)
    return median(taken)


def tier(folder: Path, count: int) -> Path:
    """Make a folder with so many swarms, each under a name of its own."""
    for kind in ("ensembles", "profiles", "scripts"):
        shutil.copytree(f"{files.packaged()}/registry/{kind}", folder / kind)
    text = (folder / f"ensembles/{NAME}.yaml").read_text(encoding="utf-8")
    shutil.rmtree(folder / "ensembles")
    (folder / "ensembles").mkdir()
    for number in range(count):
        path = folder / f"ensembles/e{number}.yaml"
        path.write_text(text.replace(f"name: {NAME}", f"name: e{number}"), encoding="utf-8")
    return folder


def lint(root: Path, count: int) -> None:
    judging = judge(Tier.LIBRARY, origin=None, root=None, today=TODAY)
    folder = TierFolder(str(root), "")
    paths = folder.ensembles()[:count]
    assert len(paths) == count
    judging.report([Target(folder=folder, path=path) for path in paths])


def read(root: Path, count: int) -> None:
    for path in sorted((root / "ensembles").iterdir())[:count]:
        foreign.read(path.name, path.read_bytes())


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        os.environ["XDG_CONFIG_HOME"] = f"{home}/config"
        few, many = tier(Path(home, "few"), FEW), tier(Path(home, "many"), MANY)
        lint(few, 1)  # patterns are compiled once
        unit = seconds(ROUNDS, lambda: read(few, 1))
        one = seconds(ROUNDS, lambda: lint(few, 1))
        hundred = seconds(3, lambda: lint(few, FEW))
        thousand = seconds(1, lambda: lint(many, MANY))
    rows = {
        "read one ensemble strictly, twice (the unit)": unit,
        "lint one closure (bar: 100 ms)": one,
        f"lint {FEW}, each": hundred / FEW,
        f"lint {MANY}, each": thousand / MANY,
    }
    for name, taken in rows.items():
        print(f"{name:<48}{taken * 1000:9.1f} ms  {taken / unit:6.2f} x")
    print(f"lint {MANY} against {MANY // FEW} times {FEW}: {thousand / hundred / 10:.2f} x")


if __name__ == "__main__":
    main()
