"""What the documentation says is so."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from conductor.app.compile import compile_workspace
from conductor.cli.root import COMMANDS
from tests.conftest import ROOT
from tests.regenerate import generated

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONSOLE = re.findall(r"```console\n(.*?)```", README, re.DOTALL)


def test_the_readme_is_short():
    assert len(README.splitlines()) <= 120


def test_the_session_in_the_readme_is_what_one_sees(tmp_path: Path):
    (session,) = CONSOLE
    folder = tmp_path / "reviews"
    folder.mkdir()
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    for block in session.strip().split("\n\n"):
        call, _, shown = block.replace("\\\n> ", "").partition("\n")
        done = subprocess.run(  # noqa: S602 - our own page
            call.removeprefix("$ "),
            shell=True,
            cwd=folder,
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.replace(str(folder), "/home/ada/reviews").strip() == shown


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path):
    for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8")):
        if not link.startswith(("http:", "https:")):
            assert (page.parent / link).exists(), link


@pytest.mark.parametrize("path", generated())
def test_what_is_generated_is_up_to_date(path: str):
    assert (ROOT / path).read_text(encoding="utf-8") == generated()[path], "run `make docs`"


def test_what_compile_writes_is_up_to_date():
    done = compile_workspace(str(ROOT), check=True)
    assert [change.path for change in done.changes if change.committed] == [], "run `make docs`"


def test_every_command_that_the_pages_show_exists():
    text = "\n".join(
        page.read_text(encoding="utf-8") for page in PAGES if page.name != "changelog.md"
    )
    shown = set(re.findall(r"(?:\$ |`)conductor ([a-z-]+)", text))
    assert shown <= set(COMMANDS)
    assert set(COMMANDS) <= shown


def test_every_decision_record_is_in_the_list():
    index = (ROOT / "docs/adr/README.md").read_text(encoding="utf-8")
    records = {path.name for path in (ROOT / "docs/adr").glob("0*.md")}
    assert records
    assert records == set(re.findall(r"\((0\d+[^)]*\.md)\)", index))
