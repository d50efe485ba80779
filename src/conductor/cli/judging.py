"""Asking a person to judge by a rubric, in the order in which one should think."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conductor.cli import ask, show

if TYPE_CHECKING:
    from conductor.core.rubric import Answer, Rubric

_LETTERS = {"m": "met", "p": "partly", "x": "missed"}
_MEANING = ", ".join(f"{letter} = {word}" for letter, word in _LETTERS.items())


def answers(rubric: Rubric, known: dict[str, str], *, of: str) -> dict[str, object]:
    """Ask for what is not known yet: reasoning, answers, verdict, what is wrong with a poor one.

    Where the rubric has criteria, the verdict follows from their answers, unless it is known.
    """
    from conductor.core.rubric import Verdict, follows

    reasoning = known.get("reasoning") or _reasoning(of)
    record: dict[str, object] = {"reasoning": reasoning}
    if known.get("verdict"):
        verdict = known["verdict"]
    elif rubric.criteria:
        answered = _criteria(rubric)
        record["criteria"] = {
            name: {"reasoning": reasoning, "answer": str(answer)}
            for name, answer in answered.items()
        }
        verdict = str(follows(rubric, answered))
        show.say(f"\nverdict: {verdict} ({dict(rubric.anchors)[Verdict(verdict)]})")
    else:
        verdict = ask.choice("Verdict", {str(one): meaning for one, meaning in rubric.anchors})
    if verdict == Verdict.POOR:
        modes = dict(rubric.failure_modes)
        record["failure_mode"] = known.get("failure_mode") or ask.choice("Failure mode", modes)
    elif known.get("failure_mode"):
        record["failure_mode"] = known["failure_mode"]  # the refusal says why it is none
    return {**record, "verdict": verdict}


def _criteria(rubric: Rubric) -> dict[str, Answer]:
    from conductor.core.rubric import Answer

    show.say(f"\n{_MEANING}")
    return {
        one.name: Answer(_LETTERS[_letter(f"{one.name}: {one.question}")])
        for one in rubric.criteria
    }


def _letter(question: str) -> str:
    def check(answer: str) -> str:
        return "" if _first(answer) in _LETTERS else _MEANING

    return _first(ask.text(f"{question} [m/p/x]", check=check))


def _first(answer: str) -> str:
    """Take a word for its letter as well."""
    spelt = {word: letter for letter, word in _LETTERS.items()}
    return spelt.get(answer.lower(), answer.lower())


def _reasoning(of: str) -> str:
    return ask.text(
        f"Reasoning (which part of the {of} decides?)",
        check=lambda answer: "" if answer else "say it in a sentence: the verdict comes after it",
    )
