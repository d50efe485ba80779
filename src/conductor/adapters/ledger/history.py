"""What became of decisions: the joins that learning reads, oldest first."""

from __future__ import annotations

import json
from collections.abc import Iterator

from sqlalchemy import desc, func, select

from conductor.adapters.ledger.base import STANDS, Base
from conductor.adapters.ledger.tables import decision, evaluation, run
from conductor.core.evaluation import Verdict
from conductor.core.judged import Judged
from conductor.core.past import Past
from conductor.core.run import RunStatus


class History(Base):
    """The part of the ledger that looks back."""

    def pasts(self, limit: int) -> list[Past]:
        """Give the newest decisions with their runs and what each judge said last, oldest first."""
        columns = (decision.c[name] for name in ("id", "outcome", "rule", "facts"))
        newest = self._read(select(*columns).order_by(desc(decision.c.id)).limit(limit))
        if not newest:
            return []
        oldest = newest[-1]["id"]  # a run begins after the decision that it names
        ran, verdicts = self._ran(after=oldest), self._said(after=oldest)
        return [
            Past(
                id=row["id"],
                outcome=row["outcome"],
                rule=row["rule"],
                facts=facts if isinstance(facts := json.loads(row["facts"]), dict) else {},
                ran=tuple(ran.get(row["id"], ())),
                verdicts=verdicts.get(row["id"], {}),
            )
            for row in reversed(newest)
        ]

    def judged_tasks(self) -> Iterator[Judged]:
        """Count the standing verdicts by task type, form and judge."""
        keys = [evaluation.c[name] for name in ("task", "bound_digest", "judge", "verdict")]
        inputs = func.count(evaluation.c.input_digest.distinct()).label("inputs")
        query = select(*keys, func.count().label("count"), inputs).where(STANDS, *self._counts())
        for row in self._read(query.group_by(*keys).order_by(*keys)):
            yield Judged(**{**row, "verdict": Verdict(row["verdict"])})

    def _ran(self, *, after: str) -> dict[str, list[RunStatus]]:
        ran: dict[str, list[RunStatus]] = {}
        query = select(run.c.decision, run.c.status)
        query = query.where(run.c.decision != "", run.c.id > after)
        for row in self._read(query.order_by(run.c.id)):
            ran.setdefault(row["decision"], []).append(RunStatus(row["status"]))
        return ran

    def _said(self, *, after: str) -> dict[str, dict[str, Verdict]]:
        said: dict[str, dict[str, Verdict]] = {}
        columns = (run.c.decision, evaluation.c.judge, evaluation.c.verdict)
        query = select(*columns).join(evaluation, evaluation.c.run == run.c.id)
        query = query.where(run.c.decision != "", run.c.id > after, STANDS, *self._counts())
        for row in self._read(query.order_by(evaluation.c.id)):
            said.setdefault(row["decision"], {})[row["judge"]] = Verdict(row["verdict"])
        return said
