"""One mistake of each kind, planted in each file: one finding, at exactly its line and column.

What the findings say is in test_mistakes.py.
"""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from conductor.compiler.assemble import assemble
from conductor.formats.pages import PAGES
from tests.compiler.conftest import SCHEMA, SOURCES

ROUTING, FACTS, TASKS, MODELS, SAMPLING, PROMOTION, LEARNING, AUTHORIZATIONS = (
    f"policy/{name}.toml"
    for name in (
        "routing", "facts", "tasks", "models", "sampling", "promotion", "learning", "authorizations"
    )
)  # fmt: skip
CASES, RUBRIC = "policy/cases/default.yaml", "policy/rubrics/extraction.yaml"
SPEC = "registry/specs/adr-review.toml"
TEMPLATE, JINJA = "templates/swarm/template.toml", "templates/swarm/ensemble.yaml.j2"

# One spec is enough, and rendering it is what takes the time.
POLICY = {
    path: text
    for path, text in SOURCES.items()
    if not path.startswith("registry/") or PurePosixPath(path).stem == "adr-review"
} | {
    AUTHORIZATIONS: """format = 1

[[authorization]]
task = "summarization.document_review"
ensemble = "adr-review"
since = "2026-11-01"
"""
}

# File, what is replaced in it, by what, and where in that the finding must begin (None: elsewhere).
PLANTED = [
    # rules
    (ROUTING, 'route = "claude"', 'roote = "claude"', 'roote'),
    (ROUTING, 'id = "architecture"', 'id = "Architecture!"', 'id ='),
    (ROUTING, 'when = { task = "architecture" }',
     'when = { task = ["architecture", "architektur"] }', '"architektur"'),
    (ROUTING, 'when = { task = "architecture" }', 'when = { task = { in = [] } }', 'in ='),
    (ROUTING, 'when = { task = "architecture" }', 'when = { task = { in = "architecture" } }',
     'in ='),
    (ROUTING, 'when = { task = "architecture" }', 'when = { not = { task = "architectur" } }',
     '"architectur"'),
    (ROUTING, 'when = { task = "architecture" }', 'when = { any = [] }', 'any ='),
    (ROUTING, 'when = { task = "architecture" }',
     'when = { any = [{ task = "architecture" }, { securty = true }] }', 'securty'),
    (ROUTING, 'when = { task = "architecture" }', 'when = { security = "yes" }', 'security ='),
    (ROUTING, 'when = { task = "architecture" }', 'when = { documents = { lt = 0 } }', 'when'),
    (ROUTING, 'when = { task = "architecture" }', 'when = { documents = { gt = 3, lt = 3 } }',
     'when'),
    (ROUTING, 'when = { task = "architecture" }', 'when = "architecture"', 'when'),
    (ROUTING, '[[rule]]\nid = "architecture"\nwhen = { task = "architecture" }',
     '[[rule]]\nid = "architecture"', 'rule]]'),
    (ROUTING, 'when = { task = "architecture" }', 'when = { documents = 1.5 }', 'documents'),
    (ROUTING, 'when = { task = "architecture" }', 'when = { documents = { lt = 1e400 } }', 'lt'),
    (ROUTING, 'when = { task = "architecture" }',
     'when = { task = "architecture", task = "extraction" }', 'task = "extraction"'),
    (ROUTING, 'reason = "small models drop', 'on_failure = "cloud"\nreason = "small models drop',
     '"cloud"'),
    (ROUTING, '[default]\nroute = "claude"\n', '[default]\n', 'default]'),
    (ROUTING, '[default]', '[defualt]', 'defualt'),
    (ROUTING, 'format = 1', 'format = "1"', 'format'),
    (ROUTING, 'format = 1', 'format = 0', 'format'),
    # composition, planning
    (ROUTING, 'classification = "classify"', 'classification = "classfy"', '"classfy"'),
    (ROUTING, 'tasks = ["extraction", "classification"',
     'taks = ["extraction", "classification"', 'taks'),
    (ROUTING, 'written_weight = 5', 'written_weight = 0', 'written_weight'),
    (ROUTING, 'written_weight = 5', 'written_wieght = 5', 'written_wieght'),
    (ROUTING, 'making = { read = 1_500, written = 300 }',
     'making = { read = 1_500, writen = 300 }', 'writen'),
    (ROUTING, 'making = { read = 1_500, written = 300 }',
     'making = { read = -1, written = 300 }', 'read = -1'),
    (ROUTING, 'prepare = ["multi_document", "architecture"]',
     'prepare = ["multi_document", "architectre"]', '"architectre"'),
    (ROUTING, 'brief = "brief"', 'brief = "breif"', '"breif"'),
    (ROUTING, 'repetitions = 3', 'repetitions = 0', 'repetitions'),
    (ROUTING, 'repetitions = 3', 'repetition = 3', 'repetition'),
    (ROUTING, 'prepare_tokens = 4_000', 'prepare_tokens = "many"', 'prepare_tokens'),
    # floors
    (ROUTING, '[default]',
     '[[floor]]\nid = "f"\nwhen = { security = true }\nallows = []\nreason = "x"\n[default]',
     'allows'),
    (ROUTING, '[default]',
     '[[floor]]\nid = "f"\nwhen = { security = true }\nallows = ["ask", "claude"]\n[default]',
     'floor]]'),
    (ROUTING, '[default]',
     '[[floor]]\nid = "f"\nwhen = { securiti = true }\nallows = ["ask"]\nreason = "x"\n[default]',
     'securiti'),
    # facts
    (FACTS, 'type = "boolean"', 'type = "bool"', '"bool"'),
    (FACTS, 'unit = "tokens"', 'units = "tokens"', 'units'),
    (FACTS, 'values_from = "tasks"', 'values_from = "taks"', '"taks"'),
    (FACTS, 'confidence_of = "task"', 'confidence_of = "tsk"', '"tsk"'),
    (FACTS, 'evidence = "uses"', 'evidence = "use"', '"use"'),
    (FACTS, 'default = false', 'default = 0', 'default'),
    (FACTS, 'default = "unknown"', 'default = "unknwon"', '"unknwon"'),
    (FACTS, 'max = 10_000_000', 'max = -1', 'max'),
    (FACTS, '[facts.constraints]', '[facts.Constraints]', 'Constraints'),
    (FACTS, '[facts.task]\ntype = "enum"', '[facts.task]\ntype = "boolean"', 'task]'),
    (FACTS, 'weights = { english = 8, unknown = 1, "*" = 1 }', 'cost = 0', 'cost'),
    (FACTS, 'measure = "tokens"', 'measure = "token"', '"token"'),
    (FACTS, '[facts.task]',
     '[[invariant]]\nwhen = { single_function = true }\nthen = { cross_file = "no" }\n[facts.task]',
     'cross_file = "no"'),
    (FACTS, '[facts.task]', '[[invariant]]\nwhen = { single_function = true }\n\n[facts.task]',
     'invariant]]'),
    # tasks
    (TASKS, '[tasks.architecture]', '[tasks.Architecture]', 'Architecture'),
    (TASKS, 'percent = [', 'percents = [', 'percents'),
    # models, prices
    (MODELS, '[classes.small]', '[classes.smal]', 'smal'),
    (MODELS, 'target_billion = 7.0', 'target_billion = "7"', 'target_billion'),
    (MODELS, 'target_billion = 7.0', 'target_billion = 13.0', 'target_billion'),
    (MODELS, 'class = "ceiling"', 'class = "celing"', '"celing"'),
    (MODELS, 'billion = 12.2', 'billion = 70.0', 'billion = 70.0'),
    (MODELS, 'stale_days = 90', 'stale_days = 0', 'stale_days'),
    (MODELS, 'model = "claude-sonnet-5-5"', 'model = "claude-opus-5-5"',
     'model = "claude-opus-5-5"'),
    (MODELS, 'date = "2026-11-23"', 'date = "2026-02-30"', 'date'),
    (MODELS, 'currency = "USD"', 'currency = "usd"', 'currency'),
    (MODELS, '"claude-haiku-5-5"]', '"claude-haiku-55"]', '"claude-haiku-55"'),
    (MODELS, 'input = 4.0', 'input = -4.0', 'input'),
    (MODELS, 'context_tokens = 4096', 'context_tokens = 0', 'context_tokens'),
    # sampling, promotion, learning
    (SAMPLING, 'rate = 0.15', 'rate = "often"', 'rate'),
    (SAMPLING, 'rate = 0.15', 'rat = 0.15', 'rat '),
    (SAMPLING, 'audit_rate = 0.0', 'audit_rate = 2.0', 'audit_rate'),
    (SAMPLING, 'test = "plain"', 'test = "plane"', '"plane"'),
    (SAMPLING, 'judges = []', 'judges = ["x"]', '"x"'),
    (SAMPLING, '[types]', '[type]', 'type]'),
    (SAMPLING, 'kappa_percent = 60', 'kappa_percent = 160', 'kappa_percent'),
    (SAMPLING, 'poor = 45', 'poor = 450', 'poor'),
    (PROMOTION, '[library]', '[libary]', 'libary'),
    (PROMOTION, 'good = 3', 'good = 0', 'good'),
    (PROMOTION, 'distinct_inputs = 3', 'distinct_inputs = 6', 'distinct_inputs'),
    (PROMOTION, 'assessment = true', 'assessment = "yes"', 'assessment'),
    (LEARNING, 'poor = 3', 'poor = 1', 'poor'),
    (LEARNING, 'step_percent = 50', 'step_percent = 0', 'step_percent'),
    (LEARNING, '[datasets]', '[dataset]', 'dataset'),
    # rubrics and cases, which are YAML
    (RUBRIC, 'tasks: [extraction]', 'tasks: [extracton]', 'extracton'),
    (RUBRIC, '  good: Every', '  god: Every', 'god'),
    (RUBRIC, '    partly: poor', '    partly: bad', 'bad'),
    (RUBRIC, '    partly: poor', '    partyl: poor', 'partyl'),
    (RUBRIC, 'format: 1', 'format: 3', 'format'),
    (RUBRIC, 'name: extraction', 'name: Extraction', 'name'),
    (RUBRIC, '    verdict: acceptable', '    verdict: acceptible', 'acceptible'),
    (RUBRIC, 'failure_modes:', 'failuremodes:', 'failuremodes'),
    (RUBRIC, 'name: extraction', 'name: output', None),
    (CASES, 'fixed_schema: true}', 'fixed_shema: true}', 'fixed_shema'),
    (CASES, 'document_tokens: 7999', 'document_tokens: 79990000', '79990000'),
    (CASES, 'task: extraction,', 'task: extracton,', 'extracton'),
    (CASES, 'outcome: compose', 'outcome: local-ish', 'local-ish'),
    (CASES, 'rule: extraction-short-fixed', 'rule: extraction-short', 'extraction-short'),
    (CASES, 'rule: extraction-short-fixed', 'rul: extraction-short-fixed', 'rul'),
    (CASES, '  - name: the same from', '  - naem: the same from', 'naem'),
    (CASES, 'format: 1', 'format: 1\nformat: 1', 'format: 1\ncases'),
    (CASES, 'cases:', 'cases: &x', '&x'),
    (CASES, 'fixed_schema: true}', 'fixed_schema: yes}', 'yes'),
    (CASES, '    outcome: compose', '   outcome: compose', 'outcome'),
    # authorizations
    (AUTHORIZATIONS, '"summarization.document_review"', '"summarization.document_reviw"', '"summ'),
    (AUTHORIZATIONS, '"adr-review"', '"adr-reviw"', '"adr-reviw"'),
    (AUTHORIZATIONS, 'since = "2026-11-01"', 'since = "2026-13-01"', "since"),
    (AUTHORIZATIONS, 'since = "2026-11-01"', 'since = "2026-02-30"', "since"),
    (AUTHORIZATIONS, "since", "sinse", "sinse"),
    (AUTHORIZATIONS, "[[authorization]]", "[[authorisation]]", "authorisation"),
    (AUTHORIZATIONS, '"2026-11-01"', '"2026-11-01"\nuntil = "2026-10-01"', "until"),
    (AUTHORIZATIONS, '[[authorization]]\ntask = "summarization.document_review"',
     '[[authorization]]\ntask = "extraction"', "authorization]]"),
    # spec, template
    (SPEC, 'version = "1.0.0"', 'version = "one"', 'version ='),
    (SPEC, 'license = "Apache-2.0"', 'licence = "Apache-2.0"', 'licence'),
    (SPEC, 'input_tokens = 8000', 'input_tokens = -1', 'input_tokens'),
    (SPEC, 'analyzer_class = "small"', 'analyzer_class = 4', 'analyzer_class'),
    (SPEC, 'synthesizer = "Write', 'synthesiser = "Write', 'synthesiser'),
    (SPEC, '[limits]', '[limit]', 'limit'),
    (TEMPLATE, 'kind = "agents"', 'kind = "agent"', '"agent"'),
    (TEMPLATE, 'tasks = ["extraction",', 'tasks = ["extracton",', '"extracton"'),
    (TEMPLATE, 'default = "micro"', 'default = "mikro"', 'default'),
    (TEMPLATE, 'grounded = ["quotes"]', 'grounded = ["quote"]', '"quote"'),
    (TEMPLATE, '[checks]', '[check]', 'check'),
    (TEMPLATE, 'version = 1', 'version = 0', 'version'),
    (TEMPLATE, 'default = 150\nmin = 16', 'default = 150\nmin = 1600', 'default'),
    (JINJA, '{% endfor %}', '{% endfr %}', '{% endfr'),
    (JINJA, 'extractors.items()', 'extractors.itms()', 'itms'),
    (JINJA, '| prefixed(', '| prefix(', 'prefix'),
    (JINJA, 'agents:\n', 'agent:\n', None),
    (JINJA, 'timeout_seconds: 30', 'timeout_seconds: soon', 'timeout'),
]  # fmt: skip


def test_the_files_have_no_mistake_before():
    assert assemble(POLICY, SCHEMA).findings == ()


@pytest.mark.parametrize(
    ("file", "old", "new", "mark"),
    PLANTED,
    ids=[f"{PurePosixPath(file).name}: {new.strip()}" for file, _, new, _ in PLANTED],
)
def test_a_planted_mistake_is_found_once_where_it_is(file, old, new, mark):
    text = POLICY[file]
    start = text.index(old)
    text = text[:start] + new + text[start + len(old) :]
    (finding,) = assemble({**POLICY, file: text}, SCHEMA).findings
    assert finding.message
    assert finding.hint
    assert finding.name in PAGES
    if mark is not None:
        at = text.index(mark, start)
        line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
        assert str(finding.at) == f"{file}:{line}:{column}"
