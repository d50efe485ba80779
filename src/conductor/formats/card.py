"""The dataset card: what is in a dataset, where it comes from, and what it may be used for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from conductor.core.dataset import Format

_CLAUDE = """\
Judgements, and where `--with-claude` was given their reasoning, come from Claude. Anthropic's terms
decide what models may be trained on what Claude wrote: read them before you train on it, and do not
train a competing general model."""

_WHAT = {
    Format.SFT: "Outputs that were judged good, as prompt and completion (TRL `SFTTrainer`).",
    Format.DPO: "Pairs of a good and a poor output for the same input (TRL `DPOTrainer`).",
    Format.KTO: "Outputs with a label, good or poor, unpaired (TRL `KTOTrainer`).",
    Format.JUDGE: "Judgements of outputs, reasoning before verdict (TRL `SFTTrainer`).",
    Format.ROUTING: "Decisions with their facts and what became of them; no text of any task.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a card says beyond counts of rows."""

    form: Format
    licence: str  # of the dataset; empty: nobody said
    revision: str  # of the policy
    judges: Mapping[str, int]
    verdicts: Mapping[str, int]
    failure_modes: Mapping[str, int] = field(default_factory=dict)
    tasks: Mapping[str, int] = field(default_factory=dict)
    models: Mapping[str, str] = field(default_factory=dict)  # licence by model
    rubrics: Mapping[str, str] = field(default_factory=dict)  # revision by name


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What was counted while the rows were made."""

    splits: Mapping[str, int]  # rows, for each split that has any
    sources: int
    duplicates: int
    redactions: int
    left_out: Mapping[str, int]


def text(about: About, counts: Counts, digests: Mapping[str, str]) -> str:
    """Write README.md, with the front matter that `datasets` reads."""
    lines = [
        *_front(about, counts.splits),
        f"# {about.form} rows of judged local runs",
        "",
        _WHAT[about.form],
        "",
        "## What is in it",
        "",
        *(f"- {split}: {count:,} rows" for split, count in counts.splits.items()),
        f"- {counts.sources:,} sources; inputs that are nearly the same are one, and in one split",
        f"- dropped, because another row teaches the same: {counts.duplicates:,}",
        *_counted("by task type", about.tasks),
        *_counted("by verdict", about.verdicts),
        *_counted("by failure mode", about.failure_modes),
        *(f"- left out, {why}: {count:,}" for why, count in counts.left_out.items()),
        "",
        "## Where it comes from",
        "",
        f"- policy revision `{about.revision}`",
        *(f"- rubric `{name}`, revision `{revision}`" for name, revision in about.rubrics.items()),
        *_counted("judged by", about.judges),
        *(
            f"- outputs written by `{model or 'unknown models'}`, licence: {licence}"
            for model, licence in sorted(about.models.items())
        ),
        "- `provenance.jsonl` names the runs behind each row, in the order of the rows",
        "",
        "## Consent, privacy and licence",
        "",
        "- texts were kept because the workspace's owner chose so, and written here after a yes",
        f"- {counts.redactions:,} keys, passwords and addresses were taken out; names were not",
        f"- licence of the dataset: {about.licence or 'not stated; ask before you pass it on'}",
        "- a model that is trained on it inherits what its base model's licence asks for",
        *(["", _CLAUDE] if about.judges.get("claude") else []),
        "",
        "## Files",
        "",
        *(f"- `{name}` {digest}" for name, digest in digests.items()),
    ]
    return "\n".join(lines) + "\n"


def _front(about: About, splits: Mapping[str, int]) -> Iterator[str]:
    yield "---"
    yield f"license: {about.licence or 'other'}"
    yield "configs:"
    yield f"  - config_name: {about.form}"
    yield "    data_files:"
    for split in splits:
        yield f"      - split: {split}"
        yield f"        path: {split}.jsonl"
    yield "---"


def _counted(what: str, counts: Mapping[str, int]) -> Iterator[str]:
    if counts:
        yield f"- {what}: " + ", ".join(
            f"{name} {count:,}" for name, count in sorted(counts.items())
        )
