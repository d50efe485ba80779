"""Writing below folders that others may have filled: nothing lands outside of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from conductor.adapters.tree import Tree, locked
from conductor.errors import OutsideError, SourceError, UsageError


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return Tree(str(tmp_path / "tier"))


def test_bytes_are_written_as_they_are(tree: Tree):
    data = b"a\r\nb\x00\xff"
    tree.write("scripts/deep/x.bin", data)
    assert Path(tree.root, "scripts/deep/x.bin").read_bytes() == data
    tree.write("scripts/deep/x.bin", b"new")
    assert Path(tree.root, "scripts/deep/x.bin").read_bytes() == b"new"
    assert [one.name for one in Path(tree.root, "scripts/deep").iterdir()] == ["x.bin"]


@pytest.mark.parametrize("path", ["../x", "a/../../x", "/etc/passwd", "", "a\0b"])
def test_no_path_leads_out(tree: Tree, path: str):
    with pytest.raises(UsageError, match="leads out"):
        tree.write(path, b"x")


def test_a_link_is_not_followed(tree: Tree, tmp_path: Path):
    private = tmp_path / "private"
    private.mkdir()
    (private / "secret").write_text("secret")
    tree.write("ensembles/a.yaml", b"")
    Path(tree.root, "ensembles/link.yaml").symlink_to(private / "secret")
    Path(tree.root, "scripts").symlink_to(private)
    with pytest.raises(SourceError, match="link is not followed"):
        tree.write("scripts/new", b"x")
    tree.write("ensembles/link.yaml", b"x")  # replaces the link, not what it points at
    assert (private / "secret").read_text() == "secret"
    assert [one.name for one in private.iterdir()] == ["secret"]


def test_a_folder_that_cannot_be_written_is_told(tree: Tree):
    tree.write("a", b"")
    with pytest.raises(OutsideError, match="cannot be used"):
        tree.write("a/b", b"")


def test_a_lock_is_held_by_one(tmp_path: Path):
    path = str(tmp_path / "lock")
    with (
        locked(path, "a promotion"),
        pytest.raises(OutsideError, match="another process is at a promotion"),
        locked(path, "a promotion"),
    ):
        pass
    with locked(path, "a promotion"):
        pass
