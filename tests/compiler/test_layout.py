from __future__ import annotations

import pytest

from conductor.compiler.assemble import assemble
from conductor.core.finding import Level
from tests.compiler.conftest import SCHEMA, SOURCES

SPEC = "registry/specs/adr-review.toml"


def found(**more: str):
    return [
        (one.name, one.at.file, one.level) for one in assemble({**SOURCES, **more}, SCHEMA).findings
    ]


@pytest.mark.parametrize(
    "path",
    [
        "policy/fact.toml",
        "policy/rules/more.toml",
        "policy/cases/more.yml",
        "registry/specs/sub/adr-review.toml",
        "registry/specs/names.yaml",
        "registry/ensembles/names.yml",
        "templates/swarm/ensemble.j2",
    ],
)
def test_a_file_that_nobody_reads_is_a_warning_and_changes_nothing(path):
    without, with_it = assemble(SOURCES, SCHEMA), assemble({**SOURCES, path: "x"}, SCHEMA)
    assert [(one.name, one.at.file) for one in with_it.findings] == [("unread-file", path)]
    assert with_it.findings[0].level is Level.WARNING
    assert with_it.bundle == without.bundle


def test_pages_for_people_may_stand_anywhere():
    assert found(**{"policy/README.md": "x", "templates/swarm/notes.md": "x"}) == []


def test_a_name_that_cannot_be_used_is_found_where_it_stands():
    path = "registry/specs/Bad Name.toml"
    assert found(**{path: SOURCES[SPEC]}) == [("wrong-name", path, Level.ERROR)]


def test_half_a_template_is_found():
    path = "templates/mine/ensemble.yaml.j2"
    assert found(**{path: "name: x\n"}) == [("missing-file", path, Level.ERROR)]
