"""What is exported loads as trainers load it, and keeps its meaning in a chat template."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from jinja2.sandbox import ImmutableSandboxedEnvironment

from conductor.app.export import prepare, write
from conductor.app.project import Project
from conductor.core.dataset import Format, Split
from tests.exporting import seed

pytestmark = pytest.mark.datasets

# ChatML, as many small models have it in their tokenizer's settings.
TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
MESSAGES = {"role": "string", "content": "string"}
COLUMNS = {
    Format.SFT: {"prompt", "completion"},
    Format.DPO: {"prompt", "chosen", "rejected"},
    Format.KTO: {"prompt", "completion", "label"},
    Format.JUDGE: {"prompt", "completion"},
}


@pytest.fixture(scope="module")
def seeded(_compiled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("loading") / "workspace"
    shutil.copytree(_compiled, root)
    seed(root)
    return root


@pytest.fixture(autouse=True)
def _apart(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hub"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")


def loaded(seeded: Path, folder: Path, form: Format) -> Any:
    from datasets import load_dataset

    with Project(str(seeded)) as project:
        found = prepare(project, form, licence="CC-BY-4.0", with_claude=False)
        write(project, found, str(folder), way="flag")
    cache = folder.parent / "cache"
    return load_dataset(str(folder), str(form), cache_dir=str(cache)), found


@pytest.mark.parametrize("form", COLUMNS)
def test_the_card_alone_says_how_to_load_it(seeded: Path, tmp_path: Path, form: Format):
    rows, found = loaded(seeded, tmp_path / "out", form)
    assert set(rows) <= set(Split)
    assert sum(len(split) for split in rows.values()) == len(found.examples)
    for split in rows.values():
        assert set(split.column_names) == COLUMNS[form]
        for name in COLUMNS[form] - {"label"}:
            (feature,) = (
                split.features[name]
                if isinstance(split.features[name], list)
                else (split.features[name].feature,)
            )
            assert {key: value.dtype for key, value in feature.items()} == MESSAGES
    if form is Format.KTO:
        assert {split.features["label"].dtype for split in rows.values()} == {"bool"}


@pytest.mark.parametrize("form", COLUMNS)
def test_a_prompt_is_the_beginning_of_the_whole_in_a_chat_template(
    seeded: Path, tmp_path: Path, form: Format
):
    rows, _ = loaded(seeded, tmp_path / "out", form)
    template = ImmutableSandboxedEnvironment().from_string(TEMPLATE)
    for row in (row for split in rows.values() for row in split):
        prompt = template.render(messages=row["prompt"], add_generation_prompt=True)
        for name in COLUMNS[form] - {"prompt", "label"}:
            (answer,) = row[name]
            whole = template.render(messages=[*row["prompt"], answer])
            assert whole == f"{prompt}{answer['content']}<|im_end|>\n"


def test_routing_loads_with_one_type_for_each_fact(seeded: Path, tmp_path: Path):
    from conductor.app.route import Router

    router = Router(str(seeded), log=True, say=print)
    for size in (100, 200, 9000, 12):
        router.decide("", {"document_tokens": size})
    rows, found = loaded(seeded, tmp_path / "out", Format.ROUTING)
    split = next(iter(rows.values()))
    assert split.features["fact_document_tokens"].dtype == "int64"
    assert split.features["fact_fixed_schema"].dtype == "bool"
    assert sum(len(one) for one in rows.values()) == len(found.examples)
