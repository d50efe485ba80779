"""The ledger's schema as its history: each step is released once and never edited.

A step is a list of statements with a few words that the databases spell differently. What a query
may count on today is in `tables`; a test compares the two on both databases.
"""

from __future__ import annotations

_WORDS = {
    "sqlite": {
        "text": "TEXT",
        "integer": "INTEGER",
        "real": "REAL",
        "strict": " STRICT",
    },
    "postgresql": {
        "text": 'TEXT COLLATE "C"',  # ids sort by their bytes, everywhere
        "integer": "BIGINT",
        "real": "DOUBLE PRECISION",
        "strict": "",
    },
}
_REFUSED = "the ledger is append-only"


def statements(step: int, dialect: str) -> list[str]:
    """Give what brings a schema from version `step` to the next one."""
    words = _WORDS[dialect]
    spelt = []
    for statement in STEPS[step]:
        if statement.startswith("append-only "):
            spelt.extend(_append_only(dialect, statement.removeprefix("append-only ")))
        elif statement.startswith("correctable "):
            spelt.extend(_correctable(dialect, statement.removeprefix("correctable ")))
        elif statement == "count runs":
            spelt.extend(_COUNT_RUNS[dialect])
        else:
            spelt.append(statement.format_map(words))
    return spelt


def _append_only(dialect: str, table: str) -> list[str]:
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{act} BEFORE {act.upper()} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
            for act in ("update", "delete")
        ]
    return [
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger AS "
        f"$$ BEGIN RAISE EXCEPTION '{_REFUSED}'; END $$ LANGUAGE plpgsql",
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    ]


def _correctable(dialect: str, table: str) -> list[str]:
    """Lift the ban for one migration; `append-only` after it puts it back."""
    if dialect == "sqlite":
        return [f"DROP TRIGGER {table}_no_{act}" for act in ("update", "delete")]
    return [f"DROP TRIGGER {table}_no_change ON {table}"]


_KEY = "day, ensemble, task, text_digest, bound_digest, models, status, estimator"
_SUMS = ("runs", "input_tokens", "output_tokens", "claude_tokens", "seconds")
_ADD = ", ".join(f"{name} = usage.{name} + excluded.{name}" for name in _SUMS)
_CONFLICT = f"ON CONFLICT ({_KEY}) DO UPDATE SET {_ADD}, "
_INTO = f"INSERT INTO usage ({_KEY}, {', '.join(_SUMS)}, last_run) "
_GROUPED = (
    "count(*), sum(input_tokens), sum(output_tokens), sum(claude_tokens), sum(seconds), max(id)"
)
_FROM = "ensemble, task, text_digest, bound_digest, models, status, estimator"

_COUNT_RUNS = {
    # SQLite knows triggers per row only; its updates happen in place.
    "sqlite": [
        "CREATE TRIGGER run_counted AFTER INSERT ON run BEGIN "
        + _INTO
        + "VALUES (substr(new.at, 1, 10), "
        + ", ".join(f"new.{name.strip()}" for name in _FROM.split(","))
        + ", 1, new.input_tokens, new.output_tokens, new.claude_tokens, new.seconds, new.id) "
        + _CONFLICT
        + "last_run = max(last_run, excluded.last_run); END"
    ],
    # PostgreSQL writes a new version of a row at each update: once per statement is enough.
    "postgresql": [
        "CREATE FUNCTION count_runs() RETURNS trigger AS $$ BEGIN "
        + _INTO
        + f"SELECT substr(at, 1, 10), {_FROM}, {_GROUPED} FROM fresh "
        + "GROUP BY 1, 2, 3, 4, 5, 6, 7, 8 ORDER BY 1, 2, 3, 4, 5, 6, 7, 8 "
        + _CONFLICT
        + "last_run = greatest(usage.last_run, excluded.last_run); "
        + "RETURN NULL; END $$ LANGUAGE plpgsql",
        "CREATE TRIGGER run_counted AFTER INSERT ON run REFERENCING NEW TABLE AS fresh "
        "FOR EACH STATEMENT EXECUTE FUNCTION count_runs()",
    ],
}


def _table(name: str, columns: str) -> str:
    """Spell `name:kind` columns, kind being text unless said otherwise; the first is the key."""
    lines = []
    for number, column in enumerate(columns.split()):
        word, _, kind = column.partition(":")
        key = " PRIMARY KEY" if number == 0 else ""
        lines.append(f'"{word}" {{{kind or "text"}}} NOT NULL{key}')
    return f"CREATE TABLE {name} ({', '.join(lines)}){{strict}}"


_CONTEXT = "ensemble text_digest bound_digest models engine engine_version revision rubric_revision"

STEPS: tuple[tuple[str, ...], ...] = (
    (
        "CREATE TABLE schema_version (version INTEGER NOT NULL PRIMARY KEY)",
        _table(
            "run",
            "id at ensemble task outcome rule decision revision text_digest bound_digest models"
            " engine engine_version conductor_version status error checks agents input_digest"
            " output_digest input_tokens:integer output_tokens:integer seconds:real"
            " predicted_seconds:real claude_tokens:integer estimator delta_tokens:integer"
            " due:integer due_reason draw:real",
        ),
        "CREATE INDEX run_of_closure ON run (bound_digest, id)",
        "CREATE INDEX run_of_ensemble ON run (ensemble, id)",
        "CREATE INDEX run_due ON run (due, id)",
        _table("decision", "id at outcome ensemble template rule revision facts"),
        "CREATE INDEX decision_outcome ON decision (outcome)",
        _table("content", "digest text"),
        "CREATE TABLE evaluation (id {text} NOT NULL PRIMARY KEY, at {text} NOT NULL,"
        " run {text} NOT NULL REFERENCES run (id), ensemble {text} NOT NULL, task {text} NOT NULL,"
        " text_digest {text} NOT NULL, bound_digest {text} NOT NULL, revision {text} NOT NULL,"
        " rubric {text} NOT NULL, rubric_revision {text} NOT NULL, judge {text} NOT NULL,"
        " judge_tokens {integer} NOT NULL, reasoning {text} NOT NULL, failure_mode {text} NOT NULL,"
        " verdict {text} NOT NULL, supersedes {text} NOT NULL){strict}",
        "CREATE INDEX evaluation_of_run ON evaluation (run)",
        "CREATE INDEX evaluation_of_closure ON evaluation (bound_digest, id)",
        "CREATE INDEX evaluation_superseded ON evaluation (supersedes)",
        "append-only run",
        "append-only evaluation",
        "append-only decision",
    ),
    (
        # What a report needs of the judged run, so that it reads one table and not two.
        "correctable evaluation",
        "ALTER TABLE evaluation ADD COLUMN input_digest {text} NOT NULL DEFAULT ''",
        "ALTER TABLE evaluation ADD COLUMN saved_tokens {integer} NOT NULL DEFAULT 0",
        "UPDATE evaluation SET"
        " input_digest = (SELECT input_digest FROM run WHERE run.id = evaluation.run),"
        " saved_tokens = (SELECT CASE WHEN status = 'succeeded' THEN claude_tokens ELSE 0 END"
        " FROM run WHERE run.id = evaluation.run)",
        "append-only evaluation",
        "CREATE INDEX evaluation_counted ON evaluation (bound_digest, judge, verdict, id)",
        "CREATE INDEX evaluation_of_form ON evaluation (ensemble, bound_digest, id)",
        "CREATE INDEX evaluation_poor ON evaluation (verdict, run, saved_tokens, id)",
        # The sums that reports read, kept by the database in the transaction of the run.
        "CREATE TABLE usage (day {text} NOT NULL, ensemble {text} NOT NULL, task {text} NOT NULL,"
        " text_digest {text} NOT NULL, bound_digest {text} NOT NULL, models {text} NOT NULL,"
        " status {text} NOT NULL, estimator {text} NOT NULL, runs {integer} NOT NULL,"
        " input_tokens {integer} NOT NULL, output_tokens {integer} NOT NULL,"
        " claude_tokens {integer} NOT NULL, seconds {real} NOT NULL, last_run {text} NOT NULL,"
        f" PRIMARY KEY ({_KEY})){{strict}}",
        f"{_INTO}SELECT substr(at, 1, 10), {_FROM}, {_GROUPED} FROM run"
        f" GROUP BY substr(at, 1, 10), {_FROM}",
        "count runs",
        "ALTER TABLE content ADD COLUMN kept_at {text} NOT NULL DEFAULT ''",
        "ALTER TABLE content ADD COLUMN redactions {integer} NOT NULL DEFAULT 0",
        "CREATE INDEX content_kept ON content (kept_at)",
        "CREATE TABLE feedback (id {text} NOT NULL PRIMARY KEY, at {text} NOT NULL,"
        + "".join(f" {name} {{text}} NOT NULL," for name in _CONTEXT.split())
        + " run {text} NOT NULL REFERENCES run (id), negative {integer} NOT NULL,"
        " note {text} NOT NULL){strict}",
        "CREATE INDEX feedback_of_run ON feedback (run)",
        _table("assessment", f"id at {_CONTEXT} tier assessor reasoning verdict detail"),
        _table("promotion", f"id at {_CONTEXT} act from_tier to_tier plan commit place detail"),
        _table("consent", f"id at {_CONTEXT} subject digest granted:integer way"),
        *(
            f"CREATE INDEX {name}_of_ensemble ON {name} (ensemble, id)"
            for name in ("feedback", "assessment", "promotion", "consent")
        ),
        _table(
            "artifact",
            "id at ensemble status models input_digest output_digest input_tokens:integer"
            " output_tokens:integer seconds:real unknown",
        ),
        *(
            f"append-only {name}"
            for name in ("feedback", "assessment", "promotion", "consent", "artifact")
        ),
    ),
    (
        # The answers, criterion by criterion, with where the evidence stands.
        "ALTER TABLE evaluation ADD COLUMN detail {text} NOT NULL DEFAULT '{{}}'",
    ),
    (
        _table("transition", f"id at {_CONTEXT} state run reason"),
        _table("canary", f"id at {_CONTEXT} canary kind reasoning failure_mode verdict"),
        *(
            statement
            for name in ("transition", "canary")
            for statement in (
                f"CREATE INDEX {name}_of_ensemble ON {name} (ensemble, id)",
                f"append-only {name}",
            )
        ),
    ),
    (
        # All that a report asks about judged runs, in the order in which it adds them up.
        "CREATE INDEX evaluation_by_run ON evaluation"
        " (run, bound_digest, verdict, saved_tokens, judge_tokens, id)",
    ),
    (
        # What learning reads of poor outputs, in its order and without looking at any other.
        "CREATE INDEX evaluation_learned ON evaluation"
        " (id, verdict, task, failure_mode, input_digest, bound_digest) WHERE verdict = 'poor'",
    ),
    (
        # Once there is a local judge, figures ask of every verdict who gave it.
        "DROP INDEX evaluation_of_form",
        "CREATE INDEX evaluation_of_form ON evaluation (ensemble, bound_digest, judge, id)",
        "DROP INDEX evaluation_by_run",
        "CREATE INDEX evaluation_by_run ON evaluation"
        " (run, bound_digest, verdict, saved_tokens, judge_tokens, judge, id)",
        "DROP INDEX evaluation_learned",
        "CREATE INDEX evaluation_learned ON evaluation"
        " (id, verdict, judge, task, failure_mode, input_digest, bound_digest)"
        " WHERE verdict = 'poor'",
    ),
)
