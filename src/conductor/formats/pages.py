"""What each kind of finding is about: the help text that a code scanning service shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Page:
    summary: str  # one sentence
    why: str = ""  # why it matters and what to do, as markdown


_CLOSED = (
    "Names are closed: a misspelt one would compare with nothing and switch a rule off in silence."
    " Correct it, or declare it first."
)
_TYPED = "Every fact and setting has one type; nothing is converted silently. Correct the value."
_ENGINE = "llm-orc refuses such an ensemble, or runs something else than what was meant."
_ABOVE = (
    "Below an organisation's policy a workspace may only tighten. Take the change back, or let the"
    " organisation allow it in its policy/layers.toml."
)
_SHOWN = (
    "A task that would show it exists, which is proven. Add the case that the hint shows, or let"
    " `conductor test --generate` write it."
)
_CONTENT = "The policy and its cases must say the same; change the one that is wrong."
_WEIGHED = "Shares are told by weights, so each value of the fact has exactly one."

_PROVEN = "This is proven over all combinations of facts."

_EVIDENCE = (
    "A library trusts what it can check: the bytes, and a record bound to them. `conductor promote`"
    " writes both together; promote the ensemble again."
)

PAGES: Mapping[str, Page] = {
    "bad-name": Page("A name has characters that names cannot have.", _CLOSED),
    "below-floor": Page(
        "The policy decides otherwise than a floor allows.",
        f"{_PROVEN} A floor states what must hold whatever the order of rules is. Let a rule above"
        " decide such tasks, or change the floor.",
    ),
    "bad-record": Page(
        "A judgement has a mistake, or is written in the wrong order.",
        "Who names a verdict first only explains it afterwards. Judge again, in the order of the"
        " record that `conductor judge prompt` ends with.",
    ),
    "contradicting-example": Page(
        "An example of a rubric breaks what the rubric asks of every judgement.",
        "Judges learn from examples what no rule says. Correct the verdict or the failure mode.",
    ),
    "contradicting-number": Page(
        "Two files say different numbers for the same thing.",
        "Which of them holds would depend on who reads. Make them agree.",
    ),
    "contradiction": Page(
        "The conditions of a rule cannot hold together.",
        "No task can fulfil all of them, so the rule never decides. Correct one of them.",
    ),
    "cycle": Page("Agents wait for each other.", _ENGINE),
    "duplicate-agent": Page("Two agents of an ensemble have one name.", _ENGINE),
    "duplicate-rule": Page("Two rules have one id.", "Decisions name the rule by its id."),
    "ended-authorization": Page(
        "The last day of a standing authorization has passed.",
        "Nothing runs by it any more. Renew it with `conductor authorize`, or remove the entry.",
    ),
    "failing-case": Page("The policy decides a case otherwise than the case says.", _CONTENT),
    "idle-authorization": Page(
        "An ensemble is authorized for tasks that never go to it.",
        "It does nothing, and was meant to do something. Correct the entry, or revoke it.",
    ),
    "impossible-rule": Page(
        "A rule holds only for facts that an invariant excludes.",
        f"{_PROVEN} Correct the rule or the invariant.",
    ),
    "json-schema": Page(
        "The schema of an output is no JSON Schema.",
        "Every output would be turned down. Correct the schema.",
    ),
    "layout": Page(
        "A file is not in the one layout.",
        "With one layout, what a review shows is about the policy. `conductor fmt` writes it.",
    ),
    "mergeable-rules": Page(
        "Two neighbouring rules do the same and could be one.",
        f"{_PROVEN} One rule is easier to review than two.",
    ),
    "missing-fact": Page("A fact that the compiler relies on is not declared.", _CLOSED),
    "missing-file": Page("A file that the policy always has is missing."),
    "missing-key": Page("A required key is missing."),
    "name-differs": Page("An ensemble's name is not that of its file.", _ENGINE),
    "narrow-ceiling": Page(
        "An agent of the largest class brings too little together to need it.",
        "Its size is for breadth: a synthesis of many answers. A smaller class is quicker here.",
    ),
    "neutral-rule": Page(
        "Without a rule, every task would go where it goes now.",
        f"{_PROVEN} Remove it, or keep it for its reason.",
    ),
    "no-layout": Page(
        "A file cannot be laid out without losing a comment.",
        "It is left as it is. Comments on lines of their own always survive.",
    ),
    "no-price": Page(
        "Savings are told against a model that has no price.",
        "The report says so instead of guessing one. Add a `[[price]]` with its date and source.",
    ),
    "no-source": Page("An agent has nothing to run.", _ENGINE),
    "nothing-to-override": Page(
        "A rule overrides one that would not decide otherwise.",
        f"{_PROVEN} Remove the name from `overrides`.",
    ),
    "not-ours": Page(
        "A file that compile would write was changed by somebody else.",
        "It is never overwritten. Move the change to the spec or template, then delete the file.",
    ),
    "order-decides": Page(
        "A rule decides tasks that a later rule would keep from small models.",
        f"{_PROVEN} Where the order is meant, say so in `overrides`; else move the rule down.",
    ),
    "out-of-bounds": Page("A number lies outside the declared bounds.", _TYPED),
    "out-of-date": Page(
        "A generated file is not what its sources give.",
        "Run `conductor compile` and commit the result together with the change.",
    ),
    "parameter": Page("A parameter of a spec does not fit its template.", _TYPED),
    "redundant-condition": Page(
        "Without a condition, its rule would decide the same.",
        f"{_PROVEN} Remove it.",
    ),
    "syntax": Page("The text is not TOML or YAML that can be read."),
    "template": Page("A template does not render to an ensemble."),
    "template-version": Page(
        "A spec was written for another version of its template.",
        "Look at what the template's new version asks for, then change `template_version`.",
    ),
    "too-large": Page("A file is larger than any policy should be."),
    "unknown-agent": Page("An agent depends on one that does not exist.", _ENGINE),
    "unknown-class": Page("A model is suggested for a class that does not exist.", _CLOSED),
    "unknown-ensemble": Page("A rule names an ensemble that does not exist.", _CLOSED),
    "unknown-fact": Page("A fact is used that is not declared.", _CLOSED),
    "unknown-format": Page(
        "The file has a format that this version does not know.",
        "A newer conductor may have written it. Update, or go back to the file's older form.",
    ),
    "unknown-key": Page("A key is written that nothing reads.", _CLOSED),
    "unknown-operator": Page("An operator does not exist.", _CLOSED),
    "unknown-parameter": Page("A spec sets a parameter that its template lacks.", _CLOSED),
    "unknown-rule": Page("A case names a rule that does not exist.", _CONTENT),
    "unknown-task": Page("A task type is used that is not declared.", _CLOSED),
    "unknown-template": Page("A template is named that does not exist.", _CLOSED),
    "unknown-value": Page("A value is not among those declared.", _CLOSED),
    "changed-from-above": Page(
        "A default, bound, signal or rubric of the organisation means something else here.",
        _ABOVE,
    ),
    "looser-than-above": Page("A number is looser than the organisation's.", _ABOVE),
    "riskier-than-above": Page(
        "A rule decides riskier somewhere than the organisation's policy.", _ABOVE
    ),
    "no-record": Page("A file that should hold a judgement holds something else."),
    "two-rubrics": Page(
        "Two rubrics are for one task type.",
        "Which of them judges would depend on the order of files. Keep it in one of the two.",
    ),
    "nothing-above": Page("Rules are to follow from a layer above, and there is none."),
    "uncovered-boundary": Page("No case stands on one side of a threshold.", _SHOWN),
    "uncovered-condition": Page("No case shows that a condition matters.", _SHOWN),
    "uncovered-rule": Page("No case is decided by a rule.", _SHOWN),
    "unnoticed-mistake": Page(
        "No case would notice a certain small mistake in the rules.",
        "The mistake changes a decision somewhere, which is proven, yet every case would still"
        " hold. Add the case that the hint shows, or let `conductor test --generate` write it.",
    ),
    "unread-file": Page("A file stands where nobody reads it."),
    "unreachable-rule": Page(
        "A rule can never decide, because earlier rules take all of it.",
        f"{_PROVEN} Move the rule up, or remove it.",
    ),
    "unused-parameter": Page("A template declares a parameter that it never uses."),
    "beside-the-contribution": Page(
        "A contribution changes a file that none of its ensembles needs.",
        "Leave it out, or propose it for itself, so that what is judged is what is merged.",
    ),
    "impossible-evidence": Page("The counts of the evidence contradict each other.", _EVIDENCE),
    "incomplete-closure": Page("A contribution lacks something that its ensemble needs.", _ENGINE),
    "no-evidence": Page("A contribution has no evidence for its present content.", _EVIDENCE),
    "no-plain-file": Page(
        "A contribution holds a link or something else that is no regular file.",
        "A link leads out of what was read and judged. Take it out.",
    ),
    "other-bytes": Page("A file has other bytes than the evidence was gathered on.", _EVIDENCE),
    "other-closure": Page("The commit names a closure that none of its ensembles has.", _EVIDENCE),
    "other-content": Page(
        "The evidence is about other content than the contribution has.", _EVIDENCE
    ),
    "other-evidence": Page("The commit names evidence with other bytes than it has.", _EVIDENCE),
    "other-policy": Page(
        "The evidence was judged under another policy than the one here.",
        "The counts may still be enough: the gates of this policy are applied to them.",
    ),
    "too-little-evidence": Page(
        "The evidence falls short of what the policy asks for.",
        "Use the ensemble more, have it judged, and promote it again.",
    ),
    "unfit-status": Page(
        "Something is deprecated, or to be used instead, that is not there.",
        "Whoever follows a library's advice must find what it names. Mend `status/NAME.json`, or"
        " deprecate it again with `conductor demote NAME --from library --deprecate`.",
    ),
    "unreadable-evidence": Page("A record of evidence cannot be read.", _EVIDENCE),
    "waiver-not-told": Page(
        "A waived finding is missing in the evidence.",
        "Whoever reviews the contribution must see every waiver and its reason.",
    ),
    "duplicate-signal": Page("Two signals have one id.", "Decisions name the signal by its id."),
    "idle-weight": Page("A weight is for no value at all.", _WEIGHED),
    "impossible-defaults": Page("The defaults of all facts break an invariant."),
    "invalid": Page("A value cannot be used as it is.", _TYPED),
    "missing-script": Page("An agent needs a script that is not there.", _ENGINE),
    "missing-weight": Page("Values of a fact have no weight, and others have one.", _WEIGHED),
    "overlapping-weights": Page("Two weights are for the same numbers.", _WEIGHED),
    "slow-pattern": Page("A pattern could take very long for some texts."),
    "unknown-rubric": Page("A rubric is named that does not exist.", _CLOSED),
    "unknown-signal": Page("A signal relies on one that does not stand above it.", _CLOSED),
    "wrong-interval": Page("A weight is for something that is no interval.", _WEIGHED),
    "wrong-mask": Page("The task type is masked, and every decision names it."),
    "wrong-ask": Page("A rule that asks does not say which fact it needs."),
    "wrong-date": Page("A date is no day of the calendar."),
    "wrong-fact": Page("A case gives a fact that is not declared so.", _CLOSED),
    "wrong-name": Page("A file's name cannot be the name of what it holds."),
    "wrong-operator": Page("An operator does not fit the type of the fact.", _TYPED),
    "wrong-phrase": Page("A phrase would match other words than those written."),
    "wrong-shape": Page("A value of an ensemble is not what the engine reads.", _ENGINE),
    "wrong-signal": Page("A signal cannot give its fact a value."),
    "wrong-type": Page("A value has the wrong type.", _TYPED),
    "wrong-value": Page("A value does not fit the fact that it is for.", _TYPED),
}
