"""Standing authorization: from a person's yes to an entry, to what `route` says, and back."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from conductor.app import authorize
from conductor.app.check import check_workspace
from conductor.app.diff import compare_draft
from conductor.app.effective import effective
from conductor.app.project import Project
from conductor.compiler.authorizations import EMPTY, granted, revoked
from conductor.compiler.documents import AUTHORIZATIONS
from conductor.core.authorization import Authorization, standing
from conductor.core.entries import Consent
from conductor.core.proposal import Edit
from conductor.errors import OutsideError, SourceError, UsageError
from tests.conftest import command
from tests.terminal import converse

ADR = "summarization.document_review"
ENTRY = Authorization("extraction", "endpoints", "2026-11-25", "2026-12-31")
WRITTEN = granted(None, ENTRY)


@pytest.fixture(scope="module")
def untouched(_compiled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("authorizing") / "workspace"
    shutil.copytree(_compiled, folder)
    return folder


@pytest.fixture
def workspace(untouched: Path, tmp_path: Path) -> Path:
    shutil.copytree(untouched, tmp_path / "workspace")
    return tmp_path / "workspace"


def route(folder: Path) -> dict[str, object]:
    done = command("route", "Review this ADR: gaps", "--json", "--no-log", folder=folder)
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


def test_an_entry_holds_for_its_task_its_children_its_ensemble_and_its_days():
    entries = (Authorization("summarization", "short", "2026-11-25", "2026-12-31"),)

    def holds(task: str = "summarization", name: str = "short", today: str = "2026-12-01") -> bool:
        return standing(entries, task, name, today) is not None

    assert holds()
    assert holds(task=ADR)
    assert holds(today="2026-11-25")
    assert holds(today="2026-12-31")
    assert not holds(today="2026-11-24")
    assert not holds(today="2027-01-01")
    assert not holds(today="")
    assert not holds(name="long")
    assert not holds(task="summarizations")


def test_what_is_revoked_stays_written_and_every_comment_stays():
    text = WRITTEN.replace('until = "2026-12-31"', 'until = "2026-12-31"  # for the migration')
    ended = revoked(text, "extraction", "endpoints", "2026-12-01")
    assert ended == text.replace("migration\n", 'migration\nrevoked = "2026-12-01"\n')
    assert revoked(ended, "extraction", "endpoints", "2026-12-02") == ended
    again = granted(ended, Authorization("extraction", "endpoints", "2026-12-03"))
    assert again.startswith(ended)
    assert again.endswith('since = "2026-12-03"\n')


def test_an_entry_that_cannot_be_changed_safely_is_left_alone():
    one = '{ task = "extraction", ensemble = "endpoints", since = "2026-11-25" }'
    with pytest.raises(SourceError, match="cannot be changed safely"):
        revoked(f"{EMPTY}authorization = [{one}]\n", "extraction", "endpoints", "2026-12-01")


def test_a_person_authorizes_and_revokes_and_route_follows(workspace: Path, snapshot):
    assert (route(workspace)["confirm"], route(workspace)["authorization"]) == (True, None)
    given = ["authorize", ADR, "--ensemble", "adr-review"]
    code, shown = converse(workspace, given, [("Authorize? [y/N]:", "y")])
    text = (workspace / AUTHORIZATIONS).read_text(encoding="utf-8")
    day = text.split('since = "')[1][:10]
    assert (code, shown.replace(day, "DAY")) == (0, snapshot)
    assert route(workspace)["confirm"] is False
    assert route(workspace)["authorization"] == {"task": ADR, "since": day, "until": None}
    with Project(str(workspace)) as project:
        with pytest.raises(UsageError, match="already"):
            authorize.grant(project, ADR, "adr-review")
        (consent,) = project.ledger.entries(Consent)
        assert (consent.subject, consent.granted) == ("authorization", True)
        authorize.apply(project, authorize.revoke(project, ADR, "adr-review"))
    assert route(workspace)["confirm"] is True


def test_without_a_person_nothing_is_written(workspace: Path):
    done = command("authorize", ADR, "--ensemble", "adr-review", folder=workspace)
    assert (done.returncode, "a person's yes" in done.stderr) == (2, True)
    assert not (workspace / AUTHORIZATIONS).exists()


@pytest.mark.parametrize(
    ("task", "ensemble", "until", "why"),
    [
        ("sumarization", "adr-review", "", "unknown task type"),
        ("classification", "adr-review", "", "no `classification` task goes to"),
        (ADR, "adr-revue", "", "no `summarization.document_review` task goes to"),
        (ADR, "adr-review", "2026-02-30", "is no day"),
        (ADR, "adr-review", "20270131", "is no day"),
        (ADR, "adr-review", "2020-01-31", "is over"),
    ],
)
def test_an_entry_that_could_do_nothing_is_refused(
    untouched: Path, task: str, ensemble: str, until: str, why: str
):
    with Project(str(untouched)) as project, pytest.raises(UsageError, match=why):
        authorize.grant(project, task, ensemble, until)


def test_nothing_is_written_over_what_changed_meanwhile(workspace: Path):
    with Project(str(workspace)) as project:
        edit = authorize.grant(project, ADR, "adr-review")
        (workspace / AUTHORIZATIONS).write_text(EMPTY, encoding="utf-8")
        with pytest.raises(OutsideError, match="changed after it was shown"):
            authorize.apply(project, edit)
        assert not project.ledger.entries(Consent)


def test_check_show_and_diff_know_it(workspace: Path):
    entry = Authorization(ADR, "adr-review", "2026-11-01", "2026-11-24")
    text = granted(WRITTEN.replace("endpoints", "nobody"), entry)
    found = compare_draft(str(workspace), {AUTHORIZATIONS: text})
    assert {one.path: one.new for one in found.changes} == {
        "authorizations.extraction by nobody": "since 2026-11-25 until 2026-12-31",
        f"authorizations.{ADR} by adr-review": "since 2026-11-01 until 2026-11-24",
    }
    with Project(str(workspace)) as project:
        authorize.apply(project, Edit(file=AUTHORIZATIONS, old="", new=text, owned=False))
    checked = check_workspace(str(workspace), "2026-11-25")
    found_names = {one.name: one.at.line for one in checked.findings if "auth" in one.name}
    assert found_names == {"idle-authorization": 9, "ended-authorization": 13}
    assert not checked.fails(strict=False)
    shown = [one for one in effective(str(workspace)).values if one.at.file == AUTHORIZATIONS]
    assert [(one.value, one.layer) for one in shown] == [
        ("since 2026-11-25 until 2026-12-31", "workspace"),
        ("since 2026-11-01 until 2026-11-24", "workspace"),
    ]
