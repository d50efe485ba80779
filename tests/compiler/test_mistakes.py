"""One mistake in a file gives one finding: at its place, in the user's words, with a next step."""

from __future__ import annotations

import re

import pytest

from conductor.compiler.assemble import assemble
from conductor.compiler.rewrite import comments
from conductor.core.finding import Level
from conductor.core.mending import mended
from conductor.formats.pages import PAGES
from tests.compiler.conftest import SCHEMA, SOURCES

FACTS, TASKS, ROUTING = "policy/facts.toml", "policy/tasks.toml", "policy/routing.toml"
MODELS, SAMPLING, SPEC = (
    "policy/models.toml",
    "policy/sampling.toml",
    "registry/specs/adr-review.toml",
)
CASES, TEMPLATE = "policy/cases/default.yaml", "templates/swarm/template.toml"
JINJA = "templates/swarm/ensemble.yaml.j2"
PARTIAL = "templates/_shared/model.yaml.j2"

PROMOTION, RUBRIC = "policy/promotion.toml", "policy/rubrics/output.yaml"


def floor(when: str, allows: str) -> tuple[str, str]:
    """Put a floor before the default."""
    clause = f'[[floor]]\nid = "f"\nwhen = {when}\nallows = {allows}\nreason = "x"\n'
    return "[default]", f"{clause}\n[default]"


def invariant(when: str, then: str = "{ cross_file = true }") -> tuple[str, str]:
    """Put an invariant before the facts."""
    clause = f"[[invariant]]\nwhen = {when}\nthen = {then}\n"
    return "[facts.task]", f"{clause}\n[facts.task]"


MISTAKES = {
    "a fact misspelt in a rule": (ROUTING, "fixed_schema = true }", "fixed_shema = true }"),
    "a task misspelt in a rule": (ROUTING, 'task = "extraction"', 'task = "extracton"'),
    "an operator misspelt": (ROUTING, "{ gt = 20 }", "{ gtt = 20 }"),
    "an operator for another type": (ROUTING, "security = true }", "security = { gt = 1 } }"),
    "a constant of another type": (ROUTING, "{ lt = 8000 }", '{ lt = "8000" }'),
    "a constant out of bounds": (ROUTING, "{ gt = 80 }", "{ gt = 180 }"),
    "a rule without a condition": (ROUTING, 'when = { task = "architecture" }', "when = { }"),
    "a contradiction": (ROUTING, "{ gt = 20 }", "{ gt = 20, lt = 21 }"),
    "a rule behind one that takes all of it": (
        ROUTING,
        'id = "extraction-short-fixed"\n',
        'id = "all-extraction"\nwhen = { task = "extraction" }\nroute = "local"\n\n'
        '[[rule]]\nid = "extraction-short-fixed"\n',
    ),
    "a rule behind two that take it together": (
        ROUTING,
        '[[rule]]\nid = "architecture"',
        '[[rule]]\nid = "a"\nroute = "claude"\nwhen = { task = "architecture", documents = 0 }\n'
        '[[rule]]\nid = "b"\nroute = "claude"\nwhen.documents.gt = 0\nwhen.language.ne = "dutch"\n'
        '[[rule]]\nid = "architecture"',
    ),
    "a rule twice": (ROUTING, 'id = "architecture"', 'id = "security-work"'),
    "an unknown key": (ROUTING, 'reason = "small models drop', 'raeson = "small models drop'),
    "an outcome that rules cannot have": (ROUTING, 'route = "local"', 'route = "locall"'),
    "another default": (ROUTING, '[default]\nroute = "claude"', '[default]\nroute = "ask"'),
    "an ensemble nobody has": (ROUTING, 'route = "local"', 'route = "local"\nensemble = "nobody"'),
    "ask without a fact": (ROUTING, 'route = "claude"', 'route = "ask"'),
    "a composition for no task": (ROUTING, '["extraction", "class', '["extracton", "class'),
    "a use of no task": (ROUTING, "extraction = { read", "extracton = { read"),
    "no format": (SAMPLING, "format = 1", ""),
    "a newer format": (SAMPLING, "format = 1", "format = 2"),
    "a rate that is too high": (SAMPLING, "rate = 0.15", "rate = 0.5"),
    "numbers that disagree": (SAMPLING, "uses = 20", "uses = 30"),
    "a default out of bounds": (FACTS, "default = 10_000_000", "default = 10_000_001"),
    "a fact without bounds": (FACTS, "max = 1000\n", ""),
    "a signal for no value": (FACTS, 'value = "rust"', 'value = "rusty"'),
    "a phrase that can never match": (FACTS, '"numpy"', '"num+py"'),
    "a pattern that could be slow": (FACTS, "'^ {0,8}def ", "'^ *def "),
    "a signal that looks for nothing": (TASKS, ', with = ["decide-or"] }', " }"),
    "a signal twice": (TASKS, 'id = "review-adr"', 'id = "summarize"'),
    "a signal that relies on none": (TASKS, 'with = ["signature", ', 'with = ["signture", '),
    "an amount without a bound": (TASKS, "inline_numbers = { ge = 4 }", "inline_numbers = { }"),
    "a shape that is none": (FACTS, 'shapes = ["foreign_script"] },', 'shapes = ["foreign"] },'),
    "a child without parent": (TASKS, '"summarization.document_review"', '"summary.review"'),
    "a class beyond the limit": (MODELS, "max_billion = 12.0", "max_billion = 13.0"),
    "numbers that disagree within an alternative": (
        ROUTING,
        "when = { ensemble_uses = { gt = 20 }, ",
        "when = { any = [{ ensemble_uses = { ge = 31 } }, { security = true }], ",
    ),
    "more calibration than uses": (SAMPLING, "calibration_uses = 5", "calibration_uses = 25"),
    "a library that is easier to reach": (PROMOTION, "good = 5", "good = 2"),
    "a rule to override that is none": (ROUTING, '"multi-step-reasoning", ', '"multi-step", '),
    "a fact to ask for that is none": (
        ROUTING, 'route = "claude"', 'route = "ask"\nask = "reasoning_step"'
    ),
    "a floor that a rule passes below": (ROUTING, *floor('{ security = true }', '["claude"]')),
    "a floor that the default passes below": (
        ROUTING, *floor('{ task = "creative", ensemble_uses = 0 }', '["ask"]')
    ),
    "a floor over no fact": (ROUTING, *floor("{ secrets = true }", '["claude"]')),
    "a floor that allows no outcome": (ROUTING, *floor("{ security = true }", '["cloud"]')),
    "an invariant over no fact": (FACTS, *invariant("{ single_functions = true }")),
    "an invariant that the defaults break": (FACTS, *invariant("{ security = false }")),
    "a rule that an invariant leaves to another": (FACTS, *invariant('{ task = "architecture" }')),
    "a rule that an invariant excludes": (
        FACTS, *invariant('{ task = "architecture" }', '{ task = "creative" }')
    ),
    "a weight for no value": (FACTS, "english = 8", "englisch = 8"),
    "a weight of nothing": (FACTS, "english = 8", "english = 0"),
    "weights that leave values out": (FACTS, '"..99" = 1, ', ""),
    "weights that overlap": (FACTS, '"100..999" = 1', '"99..999" = 1'),
    "a weight for no interval": (FACTS, '"10_000..99_999" = 1', '"10_000-99_999" = 1'),
    "a task type that is masked": (FACTS, 'from = "tasks"', 'from = "tasks"\nmask = true'),
    "a rubric nobody has": (SPEC, 'template = "swarm"', 'template = "swarm"\nrubric = "outptu"'),
    "a rubric without an anchor": (RUBRIC, "  acceptable:", "  accptable:"),
    "a rubric for no task": (RUBRIC, "failure_modes:", "tasks: [poetry]\nfailure_modes:"),
    "two rubrics for one task": (RUBRIC, "failure_modes:", "tasks: [extraction]\nfailure_modes:"),
    "a criterion that forgives missing more": (
        "policy/rubrics/code.yaml", "partly: poor", "partly: poor\n    missed: good"
    ),
    "an example with a failure mode that is none": (
        "policy/rubrics/extraction.yaml", "_mode: altered-value", "_mode: altered"
    ),
    "an example that is poor without a failure mode": (
        "policy/rubrics/extraction.yaml", "    failure_mode: altered-value\n", ""
    ),
    "signs of drift that are normal": (
        "policy/sampling.toml", "normal_percent = 5", "normal_percent = 20"
    ),
    "a case with an outcome that is none": (CASES, "outcome: claude", "outcome: cluade"),
    "a case with a value of another type": (CASES, "steps: 3}", "steps: three}"),
    "YAML that is none": (RUBRIC, "format: 1", "format: [1"),
    "a ceiling without breadth": (MODELS, "brings_together = 3", "brings_together = 5"),
    "TOML that is none": (MODELS, "format = 1", "format 1"),
    "an unknown template": (SPEC, 'template = "swarm"', 'template = "swam"'),
    "an unknown task in a spec": (SPEC, "document_review", "document_reviews"),
    "an unknown parameter": (SPEC, "analyzer_class", "analyser_class"),
    "an unknown class": (SPEC, 'synthesizer_class = "ceiling"', 'synthesizer_class = "huge"'),
    "a number out of bounds": (SPEC, "extractor_max_tokens = 120", "extractor_max_tokens = 5"),
    "an output schema that is none": (SPEC, 'type = "string"', 'type = "strin"'),
    "an output pattern that is none": (SPEC, "(^|\\n)## Verdict", "(^|\\n## Verdict"),
    "an agent's name that is none": (SPEC, "\nrisks = ", "\nRisks = "),
    "an older template version": (TEMPLATE, "version = 1", "version = 2"),
    "a case about no fact": (CASES, "{reasoning_steps: 3}", "{reasoning_step: 3}"),
    "a case for no rule": (CASES, "rule: many-constraints", "rule: many-constraint"),
    "YAML with a key twice": (CASES, "outcome: claude", "outcome: claude\n    outcome: ask"),
    "a value without quotes": (JINJA, "{{ name | quoted }}", "{{ name }}"),
    "a parameter nobody declared": (JINJA, "{{ name | quoted }}", "{{ nam | quoted }}"),
    "Jinja that is none": (JINJA, "{{ name | quoted }}", "{{ name | quoted"),
    "a parameter nobody uses": (
        TEMPLATE,
        "[parameters.analyzers]",
        '[parameters.colour]\nkind = "text"\nquestion = "Which?"\ndefault = "red"\n\n'
        "[parameters.analyzers]",
    ),
    "a default that does not fit": (TEMPLATE, "default = 150", "default = 5"),
    "a partial nobody has": (JINJA, "_shared/model.yaml.j2", "_shared/modell.yaml.j2"),
    "a value without quotes in a partial": (PARTIAL, "{{ agent | quoted }}", "{{ agent }}"),
    "a version that is not here": (SPEC, "template_version = 1", "template_version = 2"),
    "a template for no task": (ROUTING, 'extraction = "extract"', 'extracton = "extract"'),
    "a template that policy names and nobody has": (
        ROUTING,
        'extraction = "extract"',
        'extraction = "extrakt"',
    ),
    "a key the engine does not know": (JINJA, "    script: scripts", "    scrpt: scripts"),
    "a script nobody has": (JINJA, "scripts/join.py", "scripts/joyn.py"),
    "an agent nobody declared": (JINJA, "depends_on: [join]", "depends_on: [joyn]"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_one_mistake_gives_one_finding(mistake, compile_with, snapshot):
    found = compile_with(MISTAKES[mistake]).findings
    (finding,) = found
    assert finding.hint
    assert finding.name in PAGES
    assert re.fullmatch(r"[^.]*[^.]|.*`[^`]*`.*", finding.message)
    lines = (
        f"{finding.at}: {finding.level}[{finding.name}]: {finding.message}\n  hint: {finding.hint}"
    )
    assert lines == snapshot
    if finding.fix:
        left = _after(finding.fix, mistake)
        assert finding.message not in left
        assert not left or "floor" in mistake


def _after(fix, mistake):
    """Make a mistake and its fix: give what is found then."""
    edited, old, new = MISTAKES[mistake]
    sources = {**SOURCES, edited: SOURCES[edited].replace(old, new, 1)}
    file = fix.edits[0].at.file
    text = mended(sources[file], fix.edits)
    if not file.endswith(".j2"):
        assert comments(file, text) == comments(file, sources[file])
    if file.startswith("policy/"):  # without specs nothing is rendered, which takes the time
        sources = {path: text for path, text in sources.items() if "registry/" not in path}
    return {one.message for one in assemble({**sources, file: text}, SCHEMA).findings}


def test_all_mistakes_are_found_at_once(compile_with):
    edits = [MISTAKES["a fact misspelt in a rule"], MISTAKES["a rate that is too high"]]
    compiled = compile_with(*edits)
    assert {one.at.file for one in compiled.findings} == {SAMPLING}  # what everything else needs
    edits = [MISTAKES["a fact misspelt in a rule"], MISTAKES["an unknown class"]]
    assert {one.at.file for one in compile_with(*edits).findings} == {ROUTING, SPEC}


def test_nothing_comes_out_of_a_workspace_with_errors(compile_with):
    compiled = compile_with(MISTAKES["a fact misspelt in a rule"])
    assert compiled.failed
    assert compiled.bundle == ""


def test_a_warning_stops_nothing(compile_with):
    compiled = compile_with(MISTAKES["an older template version"])
    assert {one.level for one in compiled.findings} == {Level.WARNING}
    assert not compiled.failed
    assert compiled.bundle


def test_a_newer_template_changes_nothing_until_the_spec_asks_for_it(compile_with):
    path = "registry/ensembles/adr-review.yaml"
    newer = (TEMPLATE, "version = 1", "version = 2")
    warmer = (JINJA, "warmth = 0.1", "warmth = 0.4")
    same = compile_with(newer)
    assert [one.message for one in same.findings] == [
        "template `swarm` is at version 2 now, which renders the same"
    ]
    assert (same.upgrades, same.files[path]) == ((), SOURCES[path])
    other = compile_with(newer, warmer)
    assert "the ensemble stays as it was" in other.findings[0].message
    assert other.files[path] == SOURCES[path]
    (upgrade,) = other.upgrades
    assert (upgrade.before, "temperature: 0.4" in upgrade.after) == (SOURCES[path], True)
    taken = compile_with(newer, warmer, (SPEC, "template_version = 1", "template_version = 2"))
    assert (taken.findings, taken.files[path]) == ((), upgrade.after)


def test_a_spec_that_was_edited_is_rendered_by_the_template_that_is_there(compile_with):
    edits = [
        (TEMPLATE, "version = 1", "version = 2"),
        (SPEC, "extractor_max_tokens = 120", "extractor_max_tokens = 100"),
    ]
    compiled = compile_with(*edits)
    assert [one.level for one in compiled.findings] == [Level.WARNING]
    assert "max_tokens: 100" in compiled.files["registry/ensembles/adr-review.yaml"]


@pytest.mark.parametrize(
    "file", [one for one in SOURCES if one.startswith("policy/") and one.endswith(".toml")]
)
def test_a_missing_policy_file_is_named(file):
    compiled = assemble({path: text for path, text in SOURCES.items() if path != file}, SCHEMA)
    assert [(one.name, one.at.file) for one in compiled.findings] == [("missing-file", file)]
