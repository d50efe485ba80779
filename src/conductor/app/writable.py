"""Which policy files a workspace may change, and what a proposal would write into them."""

from __future__ import annotations

from collections.abc import Callable

from conductor.adapters import files
from conductor.app.layers import layers_of
from conductor.app.project import Project
from conductor.compiler.layers import ORGANISATION, merge
from conductor.compiler.renumber import renumbered, weighed
from conductor.compiler.spots import Path
from conductor.core.proposal import Edit
from conductor.errors import SourceError


class Writable:
    """The policy as it is merged from its layers; `texts` are its files."""

    def __init__(self, project: Project) -> None:
        merged = merge(layers_of(project.root))
        self._project = project
        self._owners = merged.owners
        self.texts = merged.texts

    def number(self, file: str, path: Path | None, value: int) -> tuple[Edit | None, str]:
        """Write a number anew; the second part says why that cannot be done here."""
        if path is None and not self._above(file):
            return None, "the rule stands in a layer above, propose it there"
        return self.edit(file, lambda text: renumbered(file, text, path or (), value))

    def weight(self, file: str, path: Path, value: int) -> tuple[Edit | None, str]:
        """Write the weight of a signal; the second part says why that cannot be done here."""
        return self.edit(file, lambda text: weighed(file, text, path, value))

    def edit(self, file: str, write: Callable[[str], str]) -> tuple[Edit | None, str]:
        """Let `write` change the text; the second part says why that cannot be done here."""
        if self._above(file):
            shown = self._owners[file].shown(file)
            return None, f"the file is the organisation's, propose it there: {shown}"
        old = self.texts[file]
        try:
            new = write(old)
        except SourceError as error:
            return None, f"{error.message}: {error.hint}"
        owned = files.read_if_there(self._project.path(file)) is not None
        return Edit(file=file, old=old, new=new, owned=owned), ""

    def _above(self, file: str) -> bool:
        return self._owners[file].name == ORGANISATION
