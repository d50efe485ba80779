"""The ledger: runs, evaluations and decisions, append-only, in a database."""

from conductor.adapters.ledger.ledger import SqlLedger, open_ledger

__all__ = ["SqlLedger", "open_ledger"]
