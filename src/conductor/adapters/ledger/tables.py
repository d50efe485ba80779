"""The ledger's tables as queries see them; `migrations` makes them.

Everything that gives evidence its meaning is a column of its own; lists are JSON text. Only
`content` may ever lose a row: it holds the texts that people consented to keep, and may ask to
forget. `usage` holds sums over `run` that the database itself keeps.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Double, MetaData, Table, Text

metadata = MetaData()


def _table(name: str, columns: str) -> Table:
    """Declare `name:kind` columns, kind being text unless said otherwise; the first is the key."""
    kinds = {"": Text, "integer": BigInteger, "real": Double}
    spelt = [column.partition(":") for column in columns.split()]
    return Table(
        name,
        metadata,
        *(
            Column(word, kinds[kind], primary_key=number == 0, nullable=False)
            for number, (word, _, kind) in enumerate(spelt)
        ),
    )


_CONTEXT = "ensemble text_digest bound_digest models engine engine_version revision rubric_revision"

schema_version = _table("schema_version", "version:integer")

run = _table(
    "run",
    "id at ensemble task outcome rule decision revision text_digest bound_digest models"
    " engine engine_version conductor_version status error checks agents input_digest"
    " output_digest input_tokens:integer output_tokens:integer seconds:real"
    " predicted_seconds:real claude_tokens:integer estimator delta_tokens:integer"
    " due:integer due_reason draw:real",
)

# Reasoning stands before the verdict, as it was judged. Two columns are copied from the run: its
# input, and the tokens that its output saved unless the verdict is poor.
evaluation = _table(
    "evaluation",
    "id at run ensemble task text_digest bound_digest revision rubric rubric_revision judge"
    " judge_tokens:integer reasoning failure_mode verdict supersedes"
    " input_digest saved_tokens:integer detail",
)

decision = _table("decision", "id at outcome ensemble template rule revision facts")
content = _table("content", "digest text kept_at redactions:integer")
feedback = _table("feedback", f"id at {_CONTEXT} run negative:integer note")
assessment = _table("assessment", f"id at {_CONTEXT} tier assessor reasoning verdict detail")
promotion = _table("promotion", f"id at {_CONTEXT} act from_tier to_tier plan commit place detail")
consent = _table("consent", f"id at {_CONTEXT} subject digest granted:integer way")
transition = _table("transition", f"id at {_CONTEXT} state run reason")
canary = _table("canary", f"id at {_CONTEXT} canary kind reasoning failure_mode verdict")
artifact = _table(
    "artifact",
    "id at ensemble status models input_digest output_digest input_tokens:integer"
    " output_tokens:integer seconds:real unknown",
)
usage = _table(
    "usage",
    "day ensemble task text_digest bound_digest models status estimator runs:integer"
    " input_tokens:integer output_tokens:integer claude_tokens:integer seconds:real last_run",
)

# In the order in which rows may be added: what is referred to comes first.
RECORDS = (
    run, evaluation, decision, feedback, assessment, promotion, consent, transition, canary,
    artifact,
)  # fmt: skip
