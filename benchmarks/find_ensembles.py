"""`conductor ensembles find` over a thousand ensembles, against reading their YAML once."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path
from statistics import median

import yaml

from conductor.app import discovery, init
from conductor.app.compile import compile_workspace

COUNT, ROUNDS = 1000, 7
QUESTION = "triage the failed step of a build log"


def ensemble(number: int) -> str:
    agents = [
        {"name": f"a{step}", "model_profile": "conductor-micro", "system_prompt": "Find it. " * 20}
        for step in range(4)
    ]
    description = f"Finds the failed step {number} in a build log."
    return yaml.safe_dump({"name": f"e{number}", "description": description, "agents": agents})


def seconds(rounds: int, folder: str) -> float:
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        assert len(discovery.search(folder, QUESTION).found) >= COUNT
        taken.append(time.perf_counter() - began)
    return median(taken)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CONFIG_HOME"] = f"{folder}/config"
        init.apply(init.plan(folder))
        compile_workspace(folder)
        place = Path(folder, ".llm-orc/ensembles")
        texts = [ensemble(number) for number in range(COUNT)]
        for number, text in enumerate(texts):
            (place / f"e{number}.yaml").write_text(text, encoding="utf-8")
        began = time.perf_counter()
        for text in texts:
            yaml.load(text, yaml.CSafeLoader)
        base = time.perf_counter() - began
        rows = {
            f"read {COUNT} files with libyaml (the unit)": base,
            "find, nothing remembered": seconds(1, folder),
            "find, all remembered": seconds(ROUNDS, folder),
        }
    for name, taken in rows.items():
        print(f"{name:<44}{taken * 1000:9.1f} ms  {taken / base:6.2f} x")


if __name__ == "__main__":
    main()
