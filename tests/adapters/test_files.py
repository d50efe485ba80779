from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from conductor.adapters import clock, files
from conductor.errors import OutsideError, SourceError

APPEND = """
import sys
from conductor.adapters.files import append_line
for number in range(300):
    append_line(sys.argv[1], sys.argv[2] * 3000 + str(number))
"""
REPLACE = """
import sys
from conductor.adapters.files import write_atomically
for number in range(100000):
    write_atomically(sys.argv[1], str(number % 10) * 100_000)
"""


def test_lines_of_two_processes_never_mix(tmp_path: Path):
    path = tmp_path / "new" / "log.jsonl"
    both = [subprocess.Popen([sys.executable, "-c", APPEND, str(path), one]) for one in "ab"]
    assert [one.wait() for one in both] == [0, 0]
    lines = path.read_text().splitlines()
    assert sorted(lines) == sorted(one * 3000 + str(n) for one in "ab" for n in range(300))


def test_a_writer_that_is_killed_leaves_the_old_or_the_new_text(tmp_path: Path):
    path = tmp_path / "file"
    with subprocess.Popen([sys.executable, "-c", REPLACE, str(path)]) as writer:
        while not path.exists():
            assert writer.poll() is None
        writer.kill()
    text = path.read_text()
    assert len(text) == 100_000
    assert len(set(text)) == 1


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o444])
def test_a_file_keeps_its_mode_when_it_is_replaced(tmp_path: Path, mode: int):
    path, copy = tmp_path / "file", tmp_path / "copy"
    path.write_text("old")
    path.chmod(mode)
    files.write_atomically(str(path), "new")
    files.write_atomically(str(copy), "old", like=str(path))
    assert path.read_text() == "new"
    assert [stat.S_IMODE(one.stat().st_mode) for one in (path, copy)] == [mode, mode]


def test_a_link_that_leads_to_itself_is_no_folder(tmp_path: Path):
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "file").write_text("text")
    assert files.read_tree(str(tmp_path), ".") == {"file": "text"}
    assert files.list_files(str(tmp_path), ".") == ["file", "loop"]


def test_a_failed_write_leaves_no_litter(tmp_path: Path):
    (tmp_path / "folder").mkdir()
    with pytest.raises(OutsideError, match="cannot write the file: is a directory"):
        files.write_atomically(str(tmp_path / "folder"), "x")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_a_folder_that_cannot_be_made_is_told_with_its_path(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutsideError) as caught:
        files.append_line(str(tmp_path / "file" / "below"), "x")
    assert caught.value.at.endswith("file/below")
    assert caught.value.exit_code == 3


def test_what_is_logged_is_for_its_owner_only(tmp_path: Path):
    path = tmp_path / "log"
    files.append_line(str(path), "x")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("data", "message", "line"),
    [(b"a\nb\n\xff", "not UTF-8", ":3"), (b"x" * (files.MAX_BYTES + 1), "too big", "")],
)
def test_what_is_no_text_is_refused_with_its_place(tmp_path: Path, data, message, line):
    path = tmp_path / "file"
    path.write_bytes(data)
    with pytest.raises(SourceError, match=message) as caught:
        files.read_text(str(path))
    assert caught.value.at == f"{path}{line}"


def test_line_ends_of_windows_are_read_as_ours(tmp_path: Path):
    (tmp_path / "file").write_bytes(b"a\r\nb\r\n")
    assert files.read_text(str(tmp_path / "file")) == "a\nb\n"


def test_a_tree_is_read_without_links_hidden_files_and_caches(tmp_path: Path):
    for name in ("a/x.txt", "a/b/y.txt", "a/.hidden", "a/.git/z.txt", "a/__pycache__/c.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "a/link").symlink_to("/etc/passwd")
    assert files.read_tree(str(tmp_path), "a") == {"a/b/y.txt": "a/b/y.txt", "a/x.txt": "a/x.txt"}
    assert files.read_tree(str(tmp_path), "nothing") == {}


def test_a_workspace_is_the_nearest_folder_with_settings(tmp_path: Path):
    below = tmp_path / "one" / "two"
    below.mkdir(parents=True)
    assert files.find_workspace(str(below)) is None
    (tmp_path / "conductor.toml").write_text("")
    assert files.find_workspace(str(below)) == str(tmp_path)
    (below / "conductor.toml").write_text("")
    assert files.find_workspace(str(below)) == str(below)


def test_ids_sort_by_time_and_are_never_the_same():
    ids = [clock.new_id() for _ in range(2000)]
    assert all(map(clock.is_id, ids))
    assert not any(map(clock.is_id, ["", ids[0][:-1], f"{ids[0]}0", "../../etc/passwd"]))
    assert len(set(ids)) == 2000
    assert [one[:9] for one in ids] == sorted(one[:9] for one in ids)
    assert {len(one) for one in ids} == {16}


def test_the_time_is_utc_with_milliseconds():
    import re

    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", clock.now())
