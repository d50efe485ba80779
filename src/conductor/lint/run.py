"""Run every rule over every file. Pure: the same files give the same report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from conductor.core.finding import Edit, Finding, Level
from conductor.core.finding import Fix as Change
from conductor.core.tier import Tier
from conductor.lint.catalogue import RULES
from conductor.lint.report import Judgement, Report
from conductor.lint.rule import Fix, Hit, Rule, Splice, Verdict, level
from conductor.lint.subject import Subject
from conductor.lint.waivers import binding, meets, problem, waivers

ON_WAIVERS = "waiver-without-reason"  # judged last, when it is known which were of use


def lint(subjects: Iterable[Subject], tier: Tier, *, today: str) -> Report:
    """Judge files for a tier; `today` is the ISO date that waivers end by."""
    files: list[str] = []
    judgements: list[Judgement] = []
    for subject in subjects:
        files.append(subject.file)
        judgements.extend(_judged(subject, tier, today))
    judgements.sort(key=lambda one: (one.finding.at, one.rule.code, one.finding.message))
    once = {(one.finding, one.levels, one.verdict): one for one in judgements}
    return Report(tier=tier, files=tuple(sorted(set(files))), judgements=tuple(once.values()))


def _judged(subject: Subject, tier: Tier, today: str) -> Iterator[Judgement]:
    used: set[int] = set()
    for rule in RULES.values():
        if rule.name == ON_WAIVERS or subject.form not in rule.forms:
            continue
        for hit in rule.check(subject):
            waived = _waived(subject, rule, hit, today, used)
            yield _judgement(subject, rule, hit, tier, waived)
    last = RULES[ON_WAIVERS]
    if subject.form in last.forms:
        for hit in last.check(replace(subject, used=frozenset(used), today=today)):
            yield _judgement(subject, last, hit, tier, "")


def _waived(subject: Subject, rule: Rule, hit: Hit, today: str, used: set[int]) -> str:
    """Give the reason of the waiver that covers a hit; empty without a valid one."""
    field = subject.field_name(hit.path)
    for waiver in waivers(subject):
        if meets(waiver, rule, field, hit):
            used.add(waiver.index)
            if rule.waivable and not hit.unknown and not problem(waiver, today):
                return waiver.reason.strip()
    return ""


def _judgement(subject: Subject, rule: Rule, hit: Hit, tier: Tier, waived: str) -> Judgement:
    letters = hit.levels or rule.levels
    field = subject.field_name(hit.path)
    return Judgement(
        finding=Finding(
            name=rule.name,
            code=rule.code,
            message=hit.message,
            at=hit.place or subject.at(hit.path, hit.offset),
            hint=hit.hint or rule.prefer,
            level=level(letters, tier) or Level.NOTE,
            fix=_shown(subject, hit),
            waived=waived,
        ),
        rule=rule,
        levels=letters,
        verdict=_verdict(hit, waived),
        field=field,
        matched=hit.matched,
        match=binding(hit),
        confirmed_by=hit.confirmed_by,
        fix=rule.fix if hit.edits else Fix.NO,
        edits=hit.edits,
    )


def _verdict(hit: Hit, waived: str) -> Verdict:
    if waived:
        return Verdict.WAIVED
    return Verdict.INCONCLUSIVE if hit.unknown else Verdict.FAIL


def _shown(subject: Subject, hit: Hit) -> Change | None:
    """Write the splices as editors and code scanning know them: by line and column."""
    if not hit.edits:
        return None
    return Change(does=hit.hint or "mend it", edits=tuple(_edit(subject, one) for one in hit.edits))


def _edit(subject: Subject, one: Splice) -> Edit:
    of = subject.owner if one.file and subject.owner else subject
    return Edit(of.at(offset=one.start), of.at(offset=one.end), one.text)
