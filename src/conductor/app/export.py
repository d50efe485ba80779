"""`export`: a dataset of judged runs, as a plan first, written after a yes."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from conductor.adapters import files
from conductor.app.consents import record_yes
from conductor.app.learn import NEWEST
from conductor.app.log import lines_of
from conductor.app.project import Project
from conductor.app.triples import Collector
from conductor.core.dataset import Example, Format, Split, examples, split_of
from conductor.core.digest import digest, digest_bytes
from conductor.core.past import Past, leading_judge
from conductor.errors import UsageError
from conductor.formats import card

PROVENANCE = "provenance.jsonl"
_CARD = "README.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """What would be written. `left_out` counts judged runs by why they are not in it."""

    form: Format
    examples: tuple[Example, ...]
    needed: int  # distinct sources
    left_out: Mapping[str, int]
    duplicates: int
    redactions: int
    about: card.About
    texts: Mapping[str, str] = field(default_factory=dict)  # by file

    @property
    def sources(self) -> int:
        return len({one.source for one in self.examples})

    @property
    def missing(self) -> int:
        """Count the sources that lack before it may be written; 0: none."""
        return max(0, self.needed - self.sources)

    @property
    def digest(self) -> str:
        """Name the very bytes that a person consents to."""
        return digest({name: digest_bytes(text.encode()) for name, text in self.texts.items()})


def prepare(project: Project, form: Format, *, licence: str, with_claude: bool) -> Dataset:
    """Make the dataset in memory; nothing is written."""
    if form is Format.ROUTING:
        return _routing(project, licence)
    collected = Collector(project, judge_set=form is Format.JUDGE, with_claude=with_claude)
    triples = list(collected.triples())
    rows, dropped = examples(form, triples)
    used = {run for row in rows for run in row.runs}
    kept = [one for one in triples if one.run in used]
    about = card.About(
        form=form,
        licence=licence,
        revision=project.judging.revision,
        judges=Counter(one.judge for one in kept),
        verdicts=Counter(str(one.verdict) for one in kept),
        failure_modes=Counter(one.failure_mode for one in kept if one.failure_mode),
        tasks=Counter(one.task for one in kept),
        models={one.model: _licence(project, one.model) for one in kept},
        rubrics={one.rubric.name: one.rubric.revision for one in kept},
    )
    return _written(
        Dataset(
            form=form,
            examples=tuple(rows),
            needed=project.judging.datasets[str(form)],
            left_out=dict(sorted(collected.left_out.items())),
            duplicates=dropped,
            redactions=collected.redactions,
            about=about,
        )
    )


def write(project: Project, dataset: Dataset, folder: str, *, way: str) -> None:
    """Write the files into a new or empty folder, and remember the yes."""
    if Path(folder).exists() and any(Path(folder).iterdir()):
        raise UsageError(f"`{folder}` is not empty", hint="name a new folder: `--out DIR`")
    record_yes(project, "export", dataset.digest, way=way)
    for name, text in dataset.texts.items():
        files.write_atomically(f"{folder}/{name}", text)


def _routing(project: Project, licence: str) -> Dataset:
    """Give logged decisions with what became of them: facts and verdicts, no text at all."""
    project.ledger.ingest_decisions(lines_of(project.root))
    pasts = project.ledger.pasts(NEWEST)
    judge = leading_judge(pasts)
    left_out: Counter[str] = Counter()
    rows = []
    for past in pasts:
        if row := _decision(project, past, judge):
            source = digest_bytes(past.id.encode())
            rows.append(Example(row=row, split=split_of(source), source=source, runs=(past.id,)))
        else:
            left_out["a fact is masked, or not known to the policy now"] += 1
    about = card.About(
        form=Format.ROUTING,
        licence=licence,
        revision=project.judging.revision,
        judges=Counter({judge: sum(judge in past.verdicts for past in pasts)} if judge else {}),
        verdicts=Counter(str(row.row["verdict"]) for row in rows if row.row["verdict"]),
        tasks=Counter(str(row.row["fact_task"]) for row in rows if "fact_task" in row.row),
    )
    return _written(
        Dataset(
            form=Format.ROUTING,
            examples=tuple(rows),
            needed=project.judging.datasets["routing"],
            left_out=left_out,
            duplicates=0,
            redactions=0,
            about=about,
        )
    )


def _decision(project: Project, past: Past, judge: str) -> dict[str, object] | None:
    facts, values = project.policy.facts, past.values or {}
    if any(type(values.get(name)) is not type(spec.default) for name, spec in facts.items()):
        return None
    verdict = past.verdicts.get(judge)
    return {
        "outcome": past.outcome,
        "rule": past.rule,
        "ran": [str(status) for status in past.ran],
        "verdict": str(verdict) if verdict else "",
        **{f"fact_{name}": values[name] for name in facts},
    }


def _written(dataset: Dataset) -> Dataset:
    """Spell the files: one per split that has rows, where each row is from, and the card."""
    texts = {}
    for split in Split:
        rows = [one for one in dataset.examples if one.split is split]
        if rows:
            texts[f"{split}.jsonl"] = _lines([one.row for one in rows])
    origin = [
        {"split": str(one.split), "source": one.source, "runs": list(one.runs)}
        for one in dataset.examples
    ]
    texts[PROVENANCE] = _lines(origin)
    counts = Counter(str(one.split) for one in dataset.examples)
    counted = card.Counts(
        splits={str(split): counts[str(split)] for split in Split if counts[str(split)]},
        sources=dataset.sources,
        duplicates=dataset.duplicates,
        redactions=dataset.redactions,
        left_out=dataset.left_out,
    )
    digests = {name: digest_bytes(text.encode()) for name, text in texts.items()}
    texts[_CARD] = card.text(dataset.about, counted, digests)
    return Dataset(
        **{name: getattr(dataset, name) for name in Dataset.__slots__ if name != "texts"},
        texts=texts,
    )


def _lines(rows: Sequence[Mapping[str, object]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _licence(project: Project, model: str) -> str:
    from conductor.adapters.embedded import model as embedded

    suggestions = project.sections["models"]["suggestion"]
    known = {one["model"]: one["licence"] for one in suggestions} | {
        embedded.NAME: embedded.LICENCE
    }
    return "; ".join(known.get(one, "not known: look it up") for one in model.split(" + "))
