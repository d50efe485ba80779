"""Sources of several layers, put over each other."""

from __future__ import annotations

from conductor.compiler.layers import Layer, merge

ABOVE = {
    "templates/swarm/template.toml": "theirs",
    "templates/swarm/scripts/join.py": "theirs",
    "templates/_shared/model.yaml.j2": "theirs",
    "templates/_shared/other.yaml.j2": "theirs",
}


def merged(own: dict[str, str]) -> dict[str, str]:
    layers = (Layer(name="packaged", texts=ABOVE), Layer(name="workspace", texts=own))
    return dict(merge(layers).texts)


def test_a_template_replaces_the_one_above_as_a_whole():
    found = merged({"templates/swarm/template.toml": "ours"})
    assert found["templates/swarm/template.toml"] == "ours"
    assert "templates/swarm/scripts/join.py" not in found


def test_what_templates_share_is_replaced_file_by_file():
    found = merged(
        {"templates/_shared/mine.yaml.j2": "ours", "templates/_shared/model.yaml.j2": "ours"}
    )
    assert found["templates/_shared/mine.yaml.j2"] == "ours"
    assert found["templates/_shared/model.yaml.j2"] == "ours"
    assert found["templates/_shared/other.yaml.j2"] == "theirs"
    assert found["templates/swarm/template.toml"] == "theirs"
