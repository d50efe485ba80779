"""Writing what a person said yes to into a policy file, if it is still as it was shown."""

from __future__ import annotations

from conductor.adapters import files
from conductor.app.consents import record_yes
from conductor.app.project import Project
from conductor.core.proposal import Edit
from conductor.errors import OutsideError


def write(project: Project, edit: Edit, *, subject: str, digest: str) -> str:
    """Write the file and remember the yes to `digest`; gives the file.

    Raises OutsideError when the file changed meanwhile.
    """
    path = project.path(edit.file)
    if files.read_if_there(path) != (edit.old if edit.owned else None):
        raise OutsideError(
            "the file changed after it was shown", at=edit.file, hint="look at it again"
        )
    record_yes(project, subject, digest, way="terminal")
    files.write_atomically(path, edit.new)
    return edit.file
