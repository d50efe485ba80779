"""A cold `conductor route` against a bare interpreter, in one run, with bytecode as installed."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROUNDS = 25
TASK = "Summarize this text: the export moves to PostgreSQL in March."


def once(command: list[str], folder: str) -> float:
    env = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    began = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, capture_output=True, env=env)
    return time.perf_counter() - began


def main() -> None:
    conductor = str(Path(sys.executable).with_name("conductor"))
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "conductor route": [conductor, "route", TASK, "--json"],
        "conductor --help (click)": [conductor, "--help"],
    }
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([conductor, "init", "--yes"], cwd=folder, check=True, capture_output=True)
        times: dict[str, list[float]] = {name: [] for name in commands}
        for command in commands.values():  # the first time, a source install writes its bytecode
            once(command, folder)
        for _ in range(ROUNDS):  # taking turns, so that a busy moment hits all alike
            for name, command in commands.items():
                times[name].append(once(command, folder))
    base = median(times["python -c pass"])
    for name, taken in times.items():
        middle = median(taken)
        print(f"{name:<26}{middle * 1000:7.1f} ms  {middle / base:5.2f} x")


if __name__ == "__main__":
    main()
