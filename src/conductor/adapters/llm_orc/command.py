"""The engine by its command line, where no MCP session comes up: slower, and without progress.

It runs files and nothing inline, so each invocation gets a folder that holds exactly what was
digested and is gone afterwards, with the record that the engine writes.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from conductor.adapters.llm_orc.answers import read_answer
from conductor.core.execution import Document, Invocation, Outcome, Progress
from conductor.core.loops import with_loops
from conductor.errors import OutsideError, TimeLimitReached

_STATE = "LLM_ORC_STATE_DIR"
_INPUT = "input.txt"
_FILE = "conductor-run"  # the engine finds an ensemble by its name, whatever its file is called
_PASSED = ("HOME", "LANG", "LOGNAME", "PATH", "SHELL", "TERM", "TMPDIR", "USER")  # no secrets


class CommandLine:
    """Fits `core.ports.Runner`; what it ran is marked in its version."""

    name = "llm-orc"

    def __init__(self, executable: str, environment: Mapping[str, str], version: str) -> None:
        self.version = f"{version} (command line)"
        self._executable = executable
        self._environment = environment

    def invoke(self, invocation: Invocation, on_progress: Callable[[Progress], None]) -> Outcome:
        """Run once; raises OutsideError as a session does, TimeLimitReached after the time."""
        with tempfile.TemporaryDirectory(prefix="conductor-") as folder:
            _lay_out(Path(folder), invocation)
            said, errors = self._run(folder, invocation)
        try:
            answer = json.loads(said)
        except ValueError as error:
            last = [line.strip() for line in errors.splitlines() if line.strip()][-1:]
            reason = last[0].removeprefix("Error: ") if last else "it gave no reason"
            raise OutsideError(f"the engine failed: {reason}") from error
        outcome = with_loops(read_answer(answer), invocation)
        _tell(outcome, on_progress)
        return outcome

    def why_not_loadable(
        self,
        ensemble: Document,  # noqa: ARG002 - as the port has it
        scripts: Mapping[str, str],  # noqa: ARG002
        children: Mapping[str, Document],  # noqa: ARG002
    ) -> str:
        raise OutsideError(
            "only an MCP session of the engine can say whether an ensemble loads",
            hint="see what `conductor doctor` says about the engine",
        )

    def _run(self, folder: str, invocation: Invocation) -> tuple[str, str]:
        call = [self._executable, "invoke", "--input-file", f"{folder}/{_INPUT}"]
        call += ["--output-format", "json", "--", str(invocation.ensemble["name"])]
        own = {name: os.environ[name] for name in _PASSED if name in os.environ}
        process = subprocess.Popen(  # noqa: S603 - the executable that the user installed
            call,
            cwd=folder,
            env={**own, **self._environment, _STATE: f"{folder}/state"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            return process.communicate(timeout=invocation.timeout_seconds)
        except subprocess.TimeoutExpired as error:
            raise TimeLimitReached(
                f"the engine did not finish within {invocation.timeout_seconds:.0f} s",
                hint="raise `timeout_seconds` under `[engine]` in conductor.toml",
            ) from error
        finally:
            _end(process)


def _lay_out(folder: Path, invocation: Invocation) -> None:
    """Write what runs as the engine's local tier."""
    home = folder / ".llm-orc"
    documents = {f"ensembles/{_FILE}.yaml": invocation.ensemble}
    documents |= {f"ensembles/{name}.yaml": one for name, one in invocation.children.items()}
    documents |= {f"profiles/{name}.yaml": one for name, one in invocation.profiles.items()}
    texts = {path: json.dumps(one) for path, one in documents.items()}  # JSON is YAML
    for path, text in {**texts, **invocation.scripts}.items():
        (home / path).parent.mkdir(parents=True, exist_ok=True)
        (home / path).write_text(text, encoding="utf-8")
    (folder / _INPUT).write_text(invocation.input, encoding="utf-8")


def _tell(outcome: Outcome, on_progress: Callable[[Progress], None]) -> None:
    """Say once at the end what there was no word about on the way."""
    total = len(outcome.agents)
    for done, agent in enumerate(outcome.agents, 1):
        on_progress(
            Progress(agent=agent.name, ended=True, done=done, total=total, seconds=outcome.seconds)
        )


def _end(process: subprocess.Popen[str]) -> None:
    """End it with everything below it: its scripts are in process groups of their own."""
    if process.poll() is not None:
        return
    for pid in (process.pid, *_below(process.pid)):
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)
    process.communicate()


def _below(pid: int) -> list[int]:
    """List the processes that descend from one, parents first."""
    listed = subprocess.run(
        ["ps", "-eo", "pid=,ppid="],  # noqa: S607 - POSIX has it
        capture_output=True,
        text=True,
        check=False,
    )
    pairs = [tuple(map(int, line.split())) for line in listed.stdout.splitlines()]
    found = [pid]
    for parent in found:
        found += [child for child, above in pairs if above == parent]
    return found[1:]
