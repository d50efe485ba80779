"""Finding, starting and leaving the engine."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from conductor.adapters.llm_orc.command import CommandLine
from conductor.adapters.llm_orc.session import Session, open_session
from conductor.core.ports import Runner
from conductor.errors import OutsideError

OLDEST, TOO_NEW = (0, 25, 2), (0, 26, 0)  # what this door was verified with
_INSTALL = "pip install 'llm-conductor[engine]'"
_VERSION_SECONDS = 60

Engine = Session


def find_engine(command: str) -> str:
    """Find the executable: beside this Python, else on PATH; raises OutsideError."""
    beside = Path(sys.executable).parent / command
    found = str(beside) if beside.is_file() else shutil.which(command)
    if found is None:
        raise OutsideError(f"the engine `{command}` is not installed", hint=_INSTALL)
    return found


def version_of(executable: str) -> str:
    """Ask the executable for its version; raises OutsideError for one that does not fit."""
    return _version(_ask_version(executable), executable)


@contextmanager
def open_engine(folder: str, command: str = "llm-orc") -> Iterator[Engine]:
    """Start the engine, apart from everything that the host has configured for it.

    `folder` is private to us and takes the engine's configuration, state and log.
    """
    executable = find_engine(command)
    asked = _ask_version(executable)  # takes as long as the start itself: both at once
    try:
        place = _Place(Path(folder).resolve())
        with open_session(
            executable, place.environment(), str(place.project), place.log
        ) as session:
            session.version = _version(asked, executable)
            yield session
    finally:
        asked.kill()
        asked.communicate()


@contextmanager
def open_runner(folder: str, command: str = "llm-orc") -> Iterator[Runner]:
    """Start the engine, by its command line where no session comes up.

    Raises OutsideError when the engine is not there or of another version.
    """
    with ExitStack() as stack:
        runner: Runner
        try:
            runner = stack.enter_context(open_engine(folder, command))
        except OutsideError:
            executable = find_engine(command)
            version = version_of(executable)
            place = _Place(Path(folder).resolve())
            runner = CommandLine(executable, place.environment(), version)
        yield runner


class _Place:
    """The folders that the engine gets to see instead of the user's own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.project = folder / "project"
        self.log = folder / "engine.log"
        (self.project / ".llm-orc").mkdir(parents=True, exist_ok=True)

    def environment(self) -> dict[str, str]:
        return {
            "XDG_CONFIG_HOME": str(self.folder / "config"),
            "XDG_STATE_HOME": str(self.folder / "state"),
            "LLM_ORC_STATE_DIR": str(self.folder / "state"),
            "LLM_ORC_LIBRARY_PATH": str(self.folder / "no-library"),
            "LLM_ORC_SERVING_PROJECT_DIR": "",  # the ensembles in the engine's own wheel
        }


def _ask_version(executable: str) -> subprocess.Popen[str]:
    try:
        return subprocess.Popen(  # noqa: S603 - the executable that the user installed
            [executable, "--version"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
    except OSError as error:
        raise OutsideError(f"the engine `{executable}` does not start", hint=_INSTALL) from error


def _version(asked: subprocess.Popen[str], executable: str) -> str:
    try:
        text, _ = asked.communicate(timeout=_VERSION_SECONDS)
    except subprocess.TimeoutExpired as error:
        asked.kill()
        raise OutsideError(f"`{executable} --version` does not answer", hint=_INSTALL) from error
    found = re.search(r"(\d+)\.(\d+)\.(\d+)", text)
    if found is None:
        raise OutsideError(f"`{executable}` is not llm-orc", hint=_INSTALL)
    if not OLDEST <= tuple(int(part) for part in found.groups()) < TOO_NEW:
        oldest, newest = (".".join(str(part) for part in version) for version in (OLDEST, TOO_NEW))
        raise OutsideError(
            f"the engine has version {found[0]}, needed is {oldest} or later, below {newest}",
            hint=_INSTALL,
        )
    return found[0]
