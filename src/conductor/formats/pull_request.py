"""The text of a pull request, made of facts only: the same facts give the same text.

Whatever people or models wrote stands in code spans, where a forge links, mentions and renders
nothing; secrets are taken out, control characters are shown.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from conductor.core.gates import Assessed, Counted
from conductor.core.plan import PlannedFile
from conductor.core.readiness import Readiness
from conductor.core.redact import redact
from conductor.core.statement import interval
from conductor.formats.text import plural, safe

_LONGEST = 600  # characters of one foreign text
_MOST_FILES = 100
_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+-]{0,31}")
_TICKS = re.compile(r"`+")


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What an ensemble says about itself, as it is written: foreign text, all of it."""

    name: str
    description: str = ""
    version: str = ""
    license: str = ""
    authors: tuple[str, ...] = ()
    task: str = ""
    agents: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that the text is made of."""

    about: About
    readiness: Readiness
    counted: Counted
    assessed: Assessed | None
    models: Mapping[str, str]  # by profile: what the evidence comes from
    scripts: Mapping[str, tuple[str, ...]]  # what each one does by its source, such as `network`
    files: tuple[PlannedFile, ...]
    evidence: str  # path of the statement
    policy: str
    update: bool = False  # the library has the ensemble already


def title(facts: Facts) -> str:
    """Give the subject of the commit, which is the pull request's title as well."""
    version = facts.about.version if _VERSION.fullmatch(facts.about.version) else ""
    verb = "update" if facts.update else "add"
    return f"library: {verb} {facts.about.name} {version}".rstrip()


def summary(facts: Facts) -> str:
    """Give one paragraph for the commit's message, without a line break."""
    parts = [f"{plural(facts.about.agents, 'agent')}"]
    if facts.scripts:
        doing = sorted({word for words in facts.scripts.values() for word in words})
        parts.append(f"{plural(len(facts.scripts), 'script')} ({', '.join(doing) or 'pure'})")
    return f"{plain(facts.about.description)} [{', '.join(parts)}]".strip()


def body(facts: Facts) -> str:
    """Write the text: what it is, why to trust it, what it brings, how to check all of that."""
    blocks = [
        "\n".join(_what(facts)),
        "### Evidence\n\n" + "\n".join(_evidence(facts)),
        "### Gates\n\n" + "\n".join(_gates(facts.readiness)),
        "### Files\n\n" + "\n".join(_files(facts)),
        "### Check it\n\n```sh\nconductor library verify\n```\n\n"
        f"says where this differs from what the tool finds, under policy `{facts.policy}`.",
        f"<!-- conductor {json.dumps(_machine(facts), sort_keys=True)} -->",
    ]
    return "\n\n".join(blocks) + "\n"


def code(text: str) -> str:
    """Put foreign text into a code span that it cannot leave."""
    inner = plain(text)
    fence = "`" * (max((len(run[0]) for run in _TICKS.finditer(inner)), default=0) + 1)
    pad = " " if inner.startswith("`") or inner.endswith("`") else ""
    return f"{fence}{pad}{inner}{pad}{fence}" if inner else "(nothing)"


def plain(text: str) -> str:
    """Put foreign text on one line, without secrets and control characters, and not too long."""
    kept = redact(" ".join(safe(text).split()))[0]
    return kept if len(kept) <= _LONGEST else f"{kept[:_LONGEST]}…"


def _what(facts: Facts) -> Iterator[str]:
    about = facts.about
    yield f"**{about.name}**: {code(about.description)}"
    yield ""
    if about.task:
        yield f"- task: {code(about.task)}"
    yield f"- agents: {about.agents}"
    ran = ", ".join(f"`{profile}` on {code(model)}" for profile, model in facts.models.items())
    yield f"- models: {ran or 'none'}"
    for path, does in facts.scripts.items():
        yield f"- script {code(path)}: {', '.join(does) or 'no network, no writes, no commands'}"
    if facts.scripts:
        yield "  (read from the source; advice, not a sandbox)"
    yield f"- licence: {code(about.license)}"
    yield f"- authors: {', '.join(code(one) for one in about.authors) or '(nobody)'}"


def _evidence(facts: Facts) -> Iterator[str]:
    seen = facts.counted
    judged = seen.good + seen.acceptable + seen.poor
    low, high = interval(seen)
    share = (seen.good + seen.acceptable) * 100 // judged if judged else 0
    yield (
        f"{seen.good} good, {seen.acceptable} acceptable, {seen.poor} poor on exactly this content"
        f" with these models, judged by {code(seen.judge)}, from {seen.inputs} different good"
        f" inputs. Accepted: {share} % (n = {judged}, 95 % interval {low} to {high} %)."
    )
    yield ""
    yield f"The record is {code(facts.evidence)}. It is the contributor's own, not re-run here."
    if facts.assessed:
        one = facts.assessed
        mode = f" ({code(one.failure_mode)})" if one.failure_mode else ""
        yield ""
        yield f"Generality: **{one.verdict}**{mode} by {code(one.judge)}: {code(one.reasoning)}"


def _gates(readiness: Readiness) -> Iterator[str]:
    for one in readiness.gates:
        if one.gate != "consent":
            yield f"- {one.gate}: **{one.answer}**, {code(one.seen)}"


def _files(facts: Facts) -> Iterator[str]:
    for one in facts.files[:_MOST_FILES]:
        yield f"- `{one.change}` {code(one.path)} `{one.digest[7:19]}`"
    if (more := len(facts.files) - _MOST_FILES) > 0:
        yield f"- and {more} more"


def _machine(facts: Facts) -> dict[str, object]:
    return {
        "format": 1,
        "ensemble": facts.about.name,
        "text_digest": facts.readiness.text_digest,
        "bound_digest": facts.readiness.bound_digest,
        "policy": facts.policy,
        "evidence": facts.evidence,
    }
