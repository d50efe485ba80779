"""How a workspace is used, and where its profiles run on this machine."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from conductor.compiler.doc import Doc, FileDoc, Name, Prose

COMMIT = r"[0-9a-f]{40}([0-9a-f]{24})?"  # the full id of a commit


class EngineDoc(Doc):
    command: Prose = Field("llm-orc", description="The engine's command or its path.")
    timeout_seconds: Annotated[int, Field(ge=1, le=86_400)] = Field(
        600, description="The wall time one run may take."
    )
    parallel: Annotated[int, Field(ge=1, le=64)] = Field(
        2, description="How many items of a batch run at the same time."
    )


class LedgerDoc(Doc):
    url: Prose = Field(
        "sqlite:///.conductor/ledger.db", description="Where runs and evaluations are recorded."
    )
    contents: bool = Field(
        default=False,
        description="Whether inputs and outputs are kept, so that they can be judged later.",
    )
    keep_days: Annotated[int, Field(ge=1, le=36_500)] | None = Field(
        None, description="Kept texts are dropped after so many days."
    )


class OrganisationDoc(Doc):
    """The policy above this workspace's own: a folder, or a commit of a git repository."""

    path: Prose | None = Field(None, description="A folder with a conductor.toml.")
    git: Prose | None = Field(None, description="The address of a repository.")
    revision: Prose | None = Field(
        None,
        description="The full id of the commit: branches and tags can move.",
        json_schema_extra={"pattern": f"^{COMMIT}$"},
    )
    folder: str = Field("", description="Where in the repository the conductor.toml is.")


class UpstreamDoc(Doc):
    """A git repository that changes are proposed to."""

    remote: str = Field("", description="The address of the repository: https, ssh or a path.")
    base: str = Field("", description="The branch to contribute to; empty: the remote's own.")
    fork: str = Field(
        "", description="The address of your fork, where you may not push to the remote."
    )
    forge: Literal["auto", "github", "gitlab", "none"] = Field(
        "auto", description="What runs at the remote; auto knows github.com and gitlab.com only."
    )


class LibraryDoc(UpstreamDoc):
    """The git repository that ensembles are contributed to; see docs/promotion.md."""

    branch: Prose = Field(
        "contribute/{name}", description="The branch of a contribution; `{name}` is the ensemble's."
    )


class PolicyDoc(UpstreamDoc):
    """The git repository that this workspace is reviewed in; see docs/learning.md."""

    branch: Prose = Field(
        "learn/{name}", description="The branch of a proposal; `{name}` is the proposal's id."
    )


class SettingsDoc(FileDoc):
    """conductor.toml: it makes a folder a workspace."""

    engine: EngineDoc = EngineDoc()
    ledger: LedgerDoc = LedgerDoc()
    library: LibraryDoc = LibraryDoc()
    organisation: OrganisationDoc | None = None
    policy: PolicyDoc = PolicyDoc()


class BindingDoc(Doc):
    provider: Literal["embedded", "openai-compatible", "llama-server"]
    model: Prose
    base_url: str = ""
    model_digest: str = ""


class BindingsDoc(FileDoc):
    """.conductor/bindings.toml: where the logical profiles run on this machine."""

    profiles: dict[Name, BindingDoc]
