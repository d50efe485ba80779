"""Standing authorizations as people write, review and revoke them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from conductor.compiler.doc import Doc, FileDoc
from conductor.compiler.refs import EnsembleRef, TaskRef

Day = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]


class AuthorizationDoc(Doc):
    """The ensemble may do such tasks, and those of child types, without a question each time."""

    task: TaskRef
    ensemble: EnsembleRef
    since: Day = Field(description="The first day, as in 2026-11-25.")
    until: Day | None = Field(None, description="The last day; without one until it is revoked.")
    revoked: Day | None = Field(None, description="The day on which somebody took it back.")


class AuthorizationsDoc(FileDoc):
    """policy/authorizations.toml: `conductor authorize` writes it after a person's yes."""

    authorization: list[AuthorizationDoc] = []
