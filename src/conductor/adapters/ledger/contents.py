"""The texts that people consented to keep: the only rows that may ever go."""

from __future__ import annotations

from contextlib import closing

from sqlalchemy import ColumnElement, Connection, delete, func, or_, select, union, update

from conductor.adapters.ledger.base import Base, add_new
from conductor.adapters.ledger.connect import translated
from conductor.adapters.ledger.rows import storable
from conductor.adapters.ledger.tables import content, feedback, run
from conductor.core.digest import digest_bytes
from conductor.core.redact import redact


class Contents(Base):
    """The part of the ledger that may forget."""

    def content(self, digest: str) -> str | None:
        """Give a kept input or output back, secrets redacted; None when it is not kept."""
        rows = self._read(select(content.c.text).where(content.c.digest == digest))
        return str(rows[0]["text"]) if rows else None

    def contents(
        self, *, run_id: str = "", ensemble: str = "", before: str = ""
    ) -> tuple[int, int]:
        """Count the kept texts that `forget` would drop, all without a filter; and characters."""
        length = func.coalesce(func.sum(func.length(content.c.text)), 0)
        query = select(func.count().label("texts"), length.label("characters"))
        if run_id or ensemble or before:
            query = query.where(_wanted(run_id, ensemble, before))
        (row,) = self._read(query.select_from(content))
        return int(row["texts"]), int(row["characters"])

    def forget(self, *, run_id: str = "", ensemble: str = "", before: str = "") -> int:
        """Drop kept texts of a run, of an ensemble, or last kept before a time; gives how many.

        A text that another run has as well is gone for both: it is one text.
        """
        with self._writing() as connection:
            wanted = _wanted(run_id, ensemble, before)
            gone = connection.execute(delete(content).where(wanted)).rowcount
        if gone:
            self._settle()
        return int(gone)

    def _settle(self) -> None:
        """Take what was deleted out of SQLite's log as well."""
        if self._engine.dialect.name == "sqlite":
            with translated(self._url), closing(self._engine.raw_connection()) as connection:
                connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @staticmethod
    def _keep(connection: Connection, text: str, at: str) -> None:
        """Keep a text under the digest of what it was before secrets were taken out."""
        digest = digest_bytes(text.encode())
        clean, redactions = redact(text)
        row = {"digest": digest, "text": clean, "kept_at": at, "redactions": redactions}
        if not add_new(connection, content, [storable(row)]):
            again = update(content).where(content.c.digest == digest, content.c.kept_at < at)
            connection.execute(again.values(kept_at=at))


def _wanted(run_id: str, ensemble: str, before: str) -> ColumnElement[bool]:
    """Select the texts of a run or an ensemble, else those last kept before a time."""
    if not run_id and not ensemble:
        return or_(content.c.kept_at < before, content.c.kept_at == "")
    of_run = run.c.id == run_id if run_id else run.c.ensemble == ensemble
    of_feedback = feedback.c.run == run_id if run_id else feedback.c.ensemble == ensemble
    return content.c.digest.in_(
        union(
            select(run.c.input_digest).where(of_run),
            select(run.c.output_digest).where(of_run),
            select(feedback.c.note).where(of_feedback),
        ).scalar_subquery()
    )
