"""One MCP session with the engine, as plain blocking calls.

The SDK is asynchronous, so its event loop lives in a thread of its own. Leaving the session closes
the engine's standard input: that stops the engine, the run it may be in, and the run's scripts.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooSlow
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from conductor.adapters.llm_orc.answers import read_answer, refusal
from conductor.adapters.llm_orc.progress import Watch
from conductor.core.execution import Document, Invocation, Outcome, Progress
from conductor.core.loops import with_loops
from conductor.errors import OutsideError, TimeLimitReached

if TYPE_CHECKING:
    from anyio.from_thread import BlockingPortal
    from mcp.types import CallToolResult

    from mcp import ClientSession

_START_SECONDS = 60.0
_PROBE_SECONDS = 60.0
_PROBE = "__probe__"
_LOADS = f"bind key '{_PROBE}'"  # the engine got as far as the binding: the ensemble loads
_TAIL_LINES = 3


class Refused(OutsideError):
    """The engine is well, and did not do what it was asked."""


class Session:
    """A running engine; fits `core.ports.Runner`."""

    name = "llm-orc"

    def __init__(self, portal: BlockingPortal, client: ClientSession, watch: Watch) -> None:
        self.version = ""
        self._portal = portal
        self._client = client
        self._watch = watch
        self._asked: set[Future[CallToolResult]] = set()

    def invoke(self, invocation: Invocation, on_progress: Callable[[Progress], None]) -> Outcome:
        """Run once; leave the session after it raised, because the engine may still be running.

        Raises OutsideError when the engine refuses or fails as a whole, TimeLimitReached after
        `invocation.timeout_seconds`. Agents that fail are part of the outcome.
        """
        self._watch.begin(invocation.ensemble, on_progress)
        arguments = {
            "input_data": invocation.input,
            "ensemble": invocation.ensemble,
            "ensembles": invocation.children,
            "profiles": invocation.profiles,
            "scripts": invocation.scripts,
        }
        answer = self._call("invoke", arguments, invocation.timeout_seconds)
        return with_loops(read_answer(answer), invocation)

    def why_not_loadable(
        self, ensemble: Document, scripts: Mapping[str, str], children: Mapping[str, Document]
    ) -> str:
        """Bind a profile that cannot exist: the engine loads first, and only then objects."""
        return self._probe({"ensemble": ensemble, "ensembles": children, "scripts": scripts})

    def why_not_loadable_by_name(self, name: str) -> str:
        """Say why the engine refuses an ensemble of its own tiers; empty when it loads."""
        try:
            return self._probe({"ensemble_name": name})
        except Refused:  # a file that does not load counts as none; why is in the log only
            return self._watch.tail(_TAIL_LINES) or "it does not load"

    def dependencies(self, name: str) -> list[dict[str, Any]]:
        """List what an ensemble of the engine's own tiers needs, and whether it is there."""
        answer = self._call("check_ensemble_runnable", {"ensemble_name": name}, _PROBE_SECONDS)
        found: list[dict[str, Any]] = answer.get("dependencies") or []
        return found

    def _probe(self, what: Mapping[str, object]) -> str:
        arguments = {"input_data": "", **what, "bind": {_PROBE: "x"}}
        message = refusal(self._call("invoke", arguments, _PROBE_SECONDS))
        if message is None:
            raise OutsideError("the engine ran what it should only have loaded")
        return "" if _LOADS in message else message

    def use(self, project: Path) -> None:
        """Work in a project of our own, so that nothing of the host's slips into a run."""
        self._call("set_project", {"path": str(project)}, _START_SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Give up what other threads still wait for: nothing will answer them any more."""
        for future in tuple(self._asked):
            future.cancel()

    def _call(self, tool: str, arguments: Mapping[str, object], seconds: float) -> dict[str, Any]:
        given = {
            name: _plain(value) for name, value in arguments.items() if value not in ({}, None)
        }
        future: Future[CallToolResult] = self._portal.start_task_soon(
            self._client.call_tool, tool, given
        )
        self._asked.add(future)
        try:
            result = future.result(seconds)
        except TooSlow as error:
            future.cancel()
            raise TimeLimitReached(
                f"the engine did not finish within {seconds:.0f} s",
                hint="raise `timeout_seconds` under `[engine]` in conductor.toml",
            ) from error
        except KeyboardInterrupt:
            future.cancel()
            raise
        except Exception as error:
            raise OutsideError(f"the engine broke off: {error}", hint=_look(self._watch)) from error
        finally:
            self._asked.discard(future)
        if result.isError or result.structuredContent is None:
            raise Refused(f"the engine refused: {_text(result)}", hint=_look(self._watch))
        return result.structuredContent


@contextmanager
def open_session(
    executable: str, environment: Mapping[str, str], project: str, log: Path
) -> Iterator[Session]:
    """Start `executable mcp serve` and shake hands; raises OutsideError when it does not."""
    try:
        from anyio.from_thread import start_blocking_portal
        from mcp.client.stdio import get_default_environment, stdio_client

        from mcp import ClientSession, StdioServerParameters
    except ImportError as error:
        raise OutsideError(
            "the engine's client library `mcp` is not installed",
            hint="pip install 'llm-conductor[engine]'",
        ) from error
    parameters = StdioServerParameters(
        command=executable,
        args=["mcp", "serve"],
        env={**get_default_environment(), **environment},
        cwd=project,
    )
    watch = Watch(log)
    failure: BaseException | None = None
    try:
        with log.open("w", encoding="utf-8") as stream, start_blocking_portal() as portal:
            streams = portal.wrap_async_context_manager(stdio_client(parameters, errlog=stream))
            with streams as (read, write):
                client = ClientSession(read, write, logging_callback=watch.logged)
                with portal.wrap_async_context_manager(client):
                    try:
                        with _greet(portal, client, watch, Path(project)) as session:
                            yield session
                    except BaseException as error:  # noqa: BLE001 - raised again below
                        failure = error  # passing through, it would come out in a group
    except BaseExceptionGroup as group:  # how the SDK says that the process is gone
        failure = failure or OutsideError("the engine is gone", hint=_look(watch))
        failure.__cause__ = group
    if failure is not None:
        raise failure


def _greet(portal: BlockingPortal, client: ClientSession, watch: Watch, project: Path) -> Session:
    future = portal.start_task_soon(client.initialize)
    try:
        future.result(_START_SECONDS)
    except Exception as error:
        raise OutsideError("the engine does not start", hint=_look(watch)) from error
    finally:
        future.cancel()  # also of an interruption: leaving would wait for it for ever
    session = Session(portal, client, watch)
    session.use(project)
    return session


def _plain(value: object) -> object:
    """Give JSON's own types: the SDK serialises nothing else."""
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value


def _text(result: CallToolResult) -> str:
    texts = [str(getattr(item, "text", "")) for item in result.content]
    return " ".join(" ".join(texts).split()) or "it gave no reason"


def _look(watch: Watch) -> str:
    tail = watch.tail(_TAIL_LINES)
    where = f"see {os.path.relpath(watch.log)}"
    return f"{where}: {tail}" if tail else where
