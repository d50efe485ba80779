"""The ledger's tables. Everything that gives evidence its meaning is a column of its own.

Lists are JSON text. Only `content` may ever lose a row: it holds the texts that people consented
to keep, and may ask to forget.
"""

from __future__ import annotations

from sqlalchemy import DDL, REAL, Column, ForeignKey, Index, Integer, MetaData, Table, Text, event

metadata = MetaData()


def _text(name: str, *, primary_key: bool = False) -> Column[str]:
    return Column(name, Text, primary_key=primary_key, nullable=False)


def _integer(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False)


def _real(name: str) -> Column[float]:
    return Column(name, REAL, nullable=False)


schema_version = Table("schema_version", metadata, Column("version", Integer, primary_key=True))

run = Table(
    "run",
    metadata,
    _text("id", primary_key=True),
    _text("at"),
    _text("ensemble"),
    _text("task"),
    _text("outcome"),
    _text("rule"),
    _text("decision"),
    _text("revision"),
    _text("text_digest"),
    _text("bound_digest"),
    _text("models"),
    _text("engine"),
    _text("engine_version"),
    _text("conductor_version"),
    _text("status"),
    _text("error"),
    _text("checks"),
    _text("agents"),
    _text("input_digest"),
    _text("output_digest"),
    _integer("input_tokens"),
    _integer("output_tokens"),
    _real("seconds"),
    _real("predicted_seconds"),
    _integer("claude_tokens"),
    _text("estimator"),
    _integer("delta_tokens"),
    _integer("due"),
    _text("due_reason"),
    _real("draw"),
    Index("run_of_closure", "bound_digest", "id"),
    Index("run_of_ensemble", "ensemble", "id"),
    Index("run_due", "due", "id"),
    sqlite_strict=True,
)

evaluation = Table(
    "evaluation",
    metadata,
    _text("id", primary_key=True),
    _text("at"),
    Column("run", Text, ForeignKey("run.id"), nullable=False),
    _text("ensemble"),
    _text("task"),
    _text("text_digest"),
    _text("bound_digest"),
    _text("revision"),
    _text("rubric"),
    _text("rubric_revision"),
    _text("judge"),
    _integer("judge_tokens"),
    _text("reasoning"),  # before the verdict, as it was judged
    _text("failure_mode"),
    _text("verdict"),
    _text("supersedes"),
    Index("evaluation_of_run", "run"),
    Index("evaluation_of_closure", "bound_digest", "id"),
    Index("evaluation_superseded", "supersedes"),
    sqlite_strict=True,
)

decision = Table(
    "decision",
    metadata,
    _text("id", primary_key=True),
    _text("at"),
    _text("outcome"),
    _text("ensemble"),
    _text("template"),
    _text("rule"),
    _text("revision"),
    _text("facts"),
    Index("decision_outcome", "outcome"),
    sqlite_strict=True,
)

content = Table(
    "content",
    metadata,
    _text("digest", primary_key=True),
    _text("text"),
    sqlite_strict=True,
)

for _table in (run, evaluation, decision):
    for _act in ("UPDATE", "DELETE"):
        event.listen(
            _table,
            "after_create",
            DDL(  # type: ignore[no-untyped-call]
                f"CREATE TRIGGER {_table.name}_no_{_act.lower()} BEFORE {_act} ON {_table.name} "
                f"BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
            ),
        )
