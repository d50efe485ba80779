"""Asking a person to judge by a rubric, in the order in which one should think."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conductor.cli import ask

if TYPE_CHECKING:
    from conductor.core.evaluation import Rubric


def answers(rubric: Rubric, known: dict[str, str], *, of: str) -> dict[str, str]:
    """Ask for what is not known yet: reasoning, verdict, and what is wrong with a poor one."""
    record = {"reasoning": known.get("reasoning") or _reasoning(of)}
    anchors = {str(verdict): meaning for verdict, meaning in rubric.anchors}
    record["verdict"] = known.get("verdict") or ask.choice("Verdict", anchors)
    if record["verdict"] == "poor":
        modes = dict(rubric.failure_modes)
        record["failure_mode"] = known.get("failure_mode") or ask.choice("Failure mode", modes)
    return record


def _reasoning(of: str) -> str:
    return ask.text(
        f"Reasoning (which part of the {of} decides?)",
        check=lambda answer: "" if answer else "say it in a sentence: the verdict comes after it",
    )
