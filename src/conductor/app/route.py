"""`route`: the hot verb. Only json and the core are loaded, unless something has to be compiled."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from conductor.adapters import clock, files, homes
from conductor.app.standings import read_standings
from conductor.core import bundle, tokens
from conductor.core.decide import decide
from conductor.core.facts import read
from conductor.core.policy import CLAUDE, LOCAL, TASK, Decision, Policy
from conductor.core.signals import Input
from conductor.errors import ConductorError, OutsideError, SourceError, UsageError

DECISIONS = f"{files.PRIVATE}/decisions.jsonl"
_REMEMBERED = 1_000_000  # bytes at the end of the log: about 500 decisions

Say = Callable[[str], None]


class Router:
    """A policy that is loaded once and decides as often as it is asked.

    `policy` is None when the sources do not compile and no earlier bundle is there: then
    everything goes to Claude, with the reason in `errors`.
    """

    def __init__(self, start: str, *, log: bool, say: Say) -> None:
        """Load the policy for the folder `start`; `say` takes what the user should know."""
        workspace = files.find_workspace(start)
        self.root = workspace or files.packaged()
        self.observed = f"{self.root}/{DECISIONS}" if workspace else ""
        self.log = self.observed if log else ""
        self.say = say
        self.errors: tuple[str, ...] = ()
        self.policy = self._policy()
        self.standings = read_standings(self.root, say) if workspace else {}
        self.deprecated = _deprecated(workspace)

    def decide(
        self, text: str = "", facts: Mapping[str, object] | None = None, inputs: Sequence[str] = ()
    ) -> tuple[Decision, str]:
        """Decide and log; the second part is the id in the log, empty when nothing is logged.

        Raises UsageError for a fact that is not declared so, SourceError for an unreadable input.
        """
        decision = self.judged(text, facts, inputs)
        return decision, self.record(decision)

    def judged(
        self, text: str = "", facts: Mapping[str, object] | None = None, inputs: Sequence[str] = ()
    ) -> Decision:
        """Decide and do not log."""
        if self.policy is None:
            decision = _safe("the policy does not compile", self.errors)
        else:
            specs = self.policy.facts
            given = {name: read(specs, name, value) for name, value in (facts or {}).items()}
            try:
                material = [_input(path) for path in inputs]
            except SourceError as error:  # whatever is in the file, Claude can look at it
                if not all(map(os.path.isfile, inputs)):
                    raise
                return _safe(
                    "an input cannot be read", (*self.errors, f"{error.at}: {error.message}")
                )
            decision = decide(
                self.policy,
                text=text,
                given=given,
                inputs=material,
                standings=self.standings,
                today=clock.today(),
                deprecated=self.deprecated,
                seen=self._seen,
            )
            decision.errors = self.errors
        return decision

    def unreadable(self, error: ConductorError) -> tuple[Decision, str]:
        """Decide about a task whose text is none: it goes to Claude, and the decision says why."""
        decision = _safe("the text cannot be read", (*self.errors, str(error.message)))
        return decision, self.record(decision)

    def batch(self, lines: Iterable[bytes]) -> Iterator[dict[str, object]]:
        """Answer one JSON object per line, in order; a bad line goes to Claude and says why."""
        for number, line in enumerate(lines, 1):
            name: object = None
            try:
                task = _task(line)
                name = task.get("id")
                decision, logged = self.decide(*_wanted(task))
            except ConductorError as error:
                problem = f"line {number}: {error.message}"
                decision = _safe("this line cannot be read", (problem,))
                logged = self.record(decision)
            yield {"id": name} | answer(decision, logged)

    def _seen(self, task: str) -> int:
        """Count what the end of the log has of such tasks that small models could have had.

        Looked for in the bytes as `record` writes them: to parse every line would cost more than
        the decision.
        """
        rules = self.policy.rules if self.policy else ()
        by = [f'"rule": {json.dumps(one.id)}'.encode() for one in rules if one.outcome == LOCAL]
        about = f'"{TASK}": {{"value": {json.dumps(task)},'.encode()
        lines = files.read_end(self.observed, _REMEMBERED).split(b"\n")
        return sum(about in line and any(rule in line for rule in by) for line in lines)

    def _policy(self) -> Policy | None:
        path = f"{self.root}/{files.BUNDLE}"
        text = files.read_if_there(path)
        if text is None:
            return self._compile(path, "no bundle yet")
        policy = _load(text)
        if policy is None:
            return self._compile(path, "the bundle is not readable")
        newer = _newer(self.root, policy)
        return (self._compile(path, f"{newer} is newer") or policy) if newer else policy

    def _compile(self, path: str, why: str) -> Policy | None:
        from conductor.app.build import bundle_text  # the compiler costs a hundred starts

        try:
            text = bundle_text(self.root)
        except ConductorError as error:
            where = f"{error.at}: " if error.at else ""
            self.errors = (f"the policy does not compile: {where}{error.message}",)
            self.say(f"{self.errors[0]}; run `conductor compile`")
            return None
        self.say(f"compiled the policy ({why})")
        try:
            files.write_atomically(path, text)
        except OutsideError:
            self.say("the bundle could not be kept; every route will compile again")
        return bundle.load(text)

    def record(self, decision: Decision) -> str:
        """Log a decision; gives its id, empty when nothing is logged."""
        if not self.log:
            return ""
        line_id = clock.new_id()
        line = {"format": 1, "id": line_id, "at": clock.now()} | self._masked(decision)
        try:
            files.append_line(self.log, json.dumps(line))
        except OutsideError as error:
            self.say(f"the decision is not logged: {error.message}")
            self.log = ""
            return ""
        return line_id

    def _masked(self, decision: Decision) -> dict[str, object]:
        """Give what may be kept of a decision: facts that the policy masks only by their source."""
        specs = self.policy.facts if self.policy else {}
        facts = {
            name: fact.to_json(words=False, mask=specs[name].mask)
            for name, fact in decision.facts.items()
        }
        return decision.to_json() | {"facts": facts}


def answer(decision: Decision, logged: str) -> dict[str, object]:
    """Give the documented object; `decision` is the id under which it was logged."""
    return decision.to_json() | {"decision": logged or None}


def _load(text: str) -> Policy | None:
    try:
        return bundle.load(text)
    except bundle.NewerFormat:
        raise
    except (UsageError, KeyError, TypeError, ValueError, AttributeError):
        return None


def _newer(root: str, policy: Policy) -> str:
    """Name a source, or a folder of sources, that changed after the bundle was written."""
    if files.installed(root):
        return ""  # never edited, and an installer's times mean nothing
    compiled_at = files.changed_at(f"{root}/{files.BUNDLE}")
    watched = [*policy.sources, *sorted({os.path.dirname(path) for path in policy.sources})]
    newer = (path for path in watched if files.changed_at(f"{root}/{path}") > compiled_at)
    packaged = files.packaged()
    installed_at = files.changed_at(f"{packaged}/{files.BUNDLE}")
    upgraded = files.installed(packaged) and installed_at > compiled_at
    return next(newer, "the installed conductor" if upgraded else "")


def _deprecated(workspace: str | None) -> dict[str, str]:
    """Give the deprecated ensembles with what replaces them; most machines have no other tier."""
    tiers = (homes.library_tier(workspace), homes.global_tier())
    if not any(map(os.path.isdir, tiers)):
        return {}
    from conductor.app.deprecations import deprecations

    return {name: one.replaced_by for name, one in deprecations(workspace).items()}


def _input(path: str) -> Input:
    text = files.read_text(path)
    return Input(path, tokens.estimate(text), text)


def _safe(reason: str, errors: tuple[str, ...]) -> Decision:
    return Decision(CLAUDE, reason=reason, facts={}, revision="", errors=errors)


def _task(line: bytes) -> dict[str, object]:
    try:
        task = json.loads(line.decode())
    except UnicodeDecodeError as error:
        raise UsageError("not UTF-8 text") from error
    except (ValueError, RecursionError) as error:
        raise UsageError(f"not JSON: {str(error).partition(':')[0].lower()}") from error
    if not isinstance(task, dict):
        raise UsageError("not a JSON object")
    return task


def _wanted(task: Mapping[str, object]) -> tuple[str, dict[str, object]]:
    text, facts = task.get("text", ""), task.get("facts", {})
    if not isinstance(text, str):
        raise UsageError("`text` is not a text")
    if not isinstance(facts, dict):
        raise UsageError("`facts` is not an object")
    return text, facts
