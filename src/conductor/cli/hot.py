"""The face of `route`: reads its own arguments, because click alone costs more than a decision.

`arguments` understands what the click command of the same name declares; a test holds the two
together. Anything it does not understand, help included, is left to click.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

from conductor.adapters import files
from conductor.app.route import Router, answer
from conductor.core.facts import DEFAULT, DERIVED, Fact
from conductor.core.policy import Decision
from conductor.errors import ConductorError, Missing, SourceError, UsageError

Options = dict[str, object]

_FOR_EXAMPLE = 'try `conductor route "Extract all names as JSON"`'

_FLAGS = {"--explain": "explain", "--json": "as_json", "--no-log": "no_log", "--plan": "plan"}
_VALUES = {"-C": "folder", "--jsonl": "jsonl"}
_GLOB = frozenset("*?[")
_REPEATED = {"--fact": "facts", "--input": "inputs"}


def arguments(argv: Sequence[str]) -> Options | None:
    """Read the arguments of `conductor [-C DIR] route …`; None when click should."""
    words = list(argv)
    options: Options = {"folder": ".", "jsonl": "", "facts": [], "inputs": [], "text": []}
    options |= dict.fromkeys(_FLAGS.values(), False)
    if words[:1] == ["-C"] and len(words) > 1:
        options["folder"] = words[1]
        del words[:2]
    if words[:1] != ["route"]:
        return None
    rest = iter(words[1:])
    for word in rest:
        if word == "--":
            _add(options, "text", *rest)
        elif word in _FLAGS:
            options[_FLAGS[word]] = True
        elif not word.startswith("-") or word == "-":
            _add(options, "text", word)
        elif not _value(options, word, rest):
            return None
    return options


def _value(options: Options, word: str, rest: object) -> bool:
    """Take an option with a value, written `--name value` or `--name=value`."""
    name, equals, value = word.partition("=")
    if (name not in _VALUES and name not in _REPEATED) or name == "-C":
        return False
    if not equals:
        value = next(rest, None)  # type: ignore[call-overload]  # the iterator of words
        if value is None:
            return False
    if name in _VALUES:
        options[_VALUES[name]] = value
    else:
        _add(options, _REPEATED[name], value)
    return True


def _add(options: Options, name: str, *values: str) -> None:
    options[name] = [*options[name], *values]  # type: ignore[misc]  # a list, by construction


def main(options: Options) -> int:
    """Run `route`; gives the exit code."""
    try:
        return _run(**options)  # type: ignore[arg-type]  # as `arguments` makes them
    except ConductorError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code


def _run(
    *,
    text: list[str],
    facts: list[str],
    inputs: list[str],
    jsonl: str,
    folder: str,
    explain: bool,
    as_json: bool,
    no_log: bool,
    plan: bool,
) -> int:
    if jsonl and (text or facts or inputs):
        raise UsageError("`--jsonl` brings its own texts and facts", hint="leave the others out")
    if plan and (jsonl or explain):
        raise UsageError("`--plan` shows parts, nothing else", hint="leave the other out")
    if not (jsonl or " ".join(text).strip() or facts or inputs):
        raise Missing("there is nothing to decide", hint=_FOR_EXAMPLE)
    if any(not _GLOB.isdisjoint(path) for path in inputs):
        from conductor.adapters.globs import expanded  # few inputs are patterns

        inputs = expanded(inputs)
    router = Router(folder, log=not no_log, say=_say)
    if jsonl:
        return _batch(router, jsonl)
    if plan:
        from conductor.cli import planned  # what only a plan needs

        return planned.main(router, _task(" ".join(text)), _facts(facts), inputs, as_json=as_json)
    decision, logged = _decide(router, " ".join(text), _facts(facts), inputs)
    lines, document = _explained(router, decision) if explain else ([], {})
    if as_json:
        _print(json.dumps(answer(decision, logged) | document))
    else:
        _print(screen(router, decision, lines))
    return 0


def _decide(
    router: Router, text: str, facts: dict[str, object], inputs: list[str]
) -> tuple[Decision, str]:
    try:
        task = _task(text)
    except SourceError as error:  # whatever it is, Claude can look at it
        return router.unreadable(error)
    if not (task.strip() or facts or inputs):
        raise Missing("there is nothing to decide", hint=_FOR_EXAMPLE)
    return router.decide(task, facts, inputs)


def _task(text: str) -> str:
    """Give the text of the task, from standard input where it says `-`."""
    return files.read_stdin() if text == "-" else text


def _explained(router: Router, decision: Decision) -> tuple[list[str], dict[str, object]]:
    """Explain in lines and as an object; both are empty where nothing was decided by rules."""
    from conductor.cli import explained  # the algebra of fact space costs more than a decision

    if router.policy is None or not decision.facts:
        return [], {"explanation": None}
    why = explained.explanation(router.policy, decision)
    return explained.lines(why, decision), {"explanation": explained.document(why)}


def screen(router: Router, decision: Decision, explanation: Sequence[str] = ()) -> str:
    """Show a decision to a person: what, why, from which facts, and what comes next."""
    from conductor.cli.following import following, permission  # what only a person reads

    lines = [_headline(decision), f"  because  {decision.reason}"]
    if decision.revision:
        lines.append(f"  rule     {decision.rule or 'none held: the default'}")
    shown = [
        (name, fact)
        for name, fact in decision.facts.items()
        if fact.source != DEFAULT and not _repeats(router, name)
    ]
    if shown:
        width = max(len(name) for name, _ in shown)
        rows = [f"{name:<{width}} = {_fact(fact)}" for name, fact in shown]
        lines.append("  facts    " + "\n           ".join(rows))
    lines.extend(explanation)
    lines.extend(f"  error    {error}" for error in decision.errors)
    if leave := permission(decision):
        lines.append(f"  consent  {leave}")
    if after := following(decision):
        lines.append(f"  next     {after}")
    return "\n".join(lines)


def _repeats(router: Router, name: str) -> bool:
    """Tell whether a fact only says how sure another one is, which is shown with that one."""
    return bool(router.policy and router.policy.facts[name].confidence_of)


def _headline(decision: Decision) -> str:
    subject = decision.ensemble or decision.template
    return f"{decision.outcome}  {subject}" if subject else decision.outcome


def _fact(fact: Fact) -> str:
    value = str(fact.value).lower() if isinstance(fact.value, bool) else str(fact.value)
    how = fact.source
    if fact.source == DERIVED:
        words = f": {fact.words}" if fact.words else ""
        sure = f", {fact.confidence:.0%} sure" if fact.confidence < 1 else ""
        how = f"derived by {fact.signal}{words}{sure}"
    elif fact.over and fact.over.value != fact.value:
        how = f"given; the words say {fact.over.value}"
    return f"{value}  ({how})"


def _batch(router: Router, path: str) -> int:
    for line in router.batch(files.read_lines(path)):
        _print(json.dumps(line))
        sys.stdout.flush()  # whoever feeds us may wait for each answer
    return 0


def _facts(pairs: list[str]) -> dict[str, object]:
    facts: dict[str, object] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise UsageError(f"`--fact {pair}` has no value", hint=f"write `--fact {pair}=VALUE`")
        facts[name] = value
    return facts


def _say(message: str) -> None:
    sys.stderr.write(f"conductor: {message}\n")


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
