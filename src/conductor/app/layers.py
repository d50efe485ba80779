"""The layers of a workspace's policy: the packaged default, an organisation's, its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from conductor.adapters import files
from conductor.app.revisions import contents_of, mirror_of
from conductor.app.settings import organisation_of
from conductor.compiler.layers import ORGANISATION, PACKAGED, WORKSPACE, Layer
from conductor.compiler.source_settings import OrganisationDoc
from conductor.errors import OutsideError, SourceError, UsageError

_SHARED = ("policy", "templates")
_OWN = (*_SHARED, *(f"registry/{name}" for name in ("specs", "ensembles", "profiles", "scripts")))
_SHORT = 12  # characters of a commit's id


def layers_of(root: str) -> tuple[Layer, ...]:
    """Read the layers of a workspace, the highest first and its own last.

    Raises SourceError when its settings cannot be read, UsageError or OutsideError when its
    organisation's policy is not there.
    """
    own = _read(root, _OWN)
    if root == files.packaged():
        return (Layer(name=WORKSPACE, texts=own),)
    settings = files.read_text(f"{root}/{files.SETTINGS}")
    return layers_from({files.SETTINGS: settings, **own}, root)


def layers_from(texts: Mapping[str, str], root: str) -> tuple[Layer, ...]:
    """Put the layers above around sources that were read before, with their settings."""
    own = {path: text for path, text in texts.items() if path != files.SETTINGS}
    packaged = Layer(name=PACKAGED, texts=_read(files.packaged(), _SHARED), origin=f"{PACKAGED}:")
    above = organisation_of(texts[files.SETTINGS])
    between = (_organisation(above, root),) if above else ()
    return (packaged, *between, Layer(name=WORKSPACE, texts=own))


def fetch_organisation(root: str, say: Callable[[str], None]) -> None:
    """Fetch an organisation's policy that a workspace names and that was never fetched before."""
    above = organisation_of(files.read_text(f"{root}/{files.SETTINGS}"))
    if above and above.git and above.revision:
        mirror = mirror_of(above.git)
        if not mirror.has(above.revision):
            say(f"fetching the organisation's policy from {_origin(above)}")
            mirror.fetch(above.git, above.revision)


def _organisation(doc: OrganisationDoc, root: str) -> Layer:
    return _from_folder(doc.path, root) if doc.path else _from_git(doc)


def _from_folder(path: str, root: str) -> Layer:
    folder = Path(root) / path
    if not (folder / files.SETTINGS).is_file():
        raise UsageError(
            f"the organisation's policy `{path}` is no workspace",
            hint=f"correct `path` under [organisation] in {files.SETTINGS}",
        )
    _no_more_above(files.read_text(str(folder / files.SETTINGS)), path)
    origin = f"{path.rstrip('/')}/"
    texts = _read(str(folder), _SHARED)
    watched = (files.SETTINGS, *(f"{origin}{name}" for name in texts))
    return Layer(name=ORGANISATION, texts=texts, origin=origin, watched=watched)


def _from_git(doc: OrganisationDoc) -> Layer:
    address, revision = str(doc.git), str(doc.revision)
    mirror = mirror_of(address)
    if not mirror.has(revision):
        raise OutsideError(
            f"the organisation's policy from {_origin(doc)} is not on this machine",
            hint="fetch it once: `conductor compile`",
        )
    texts = contents_of(mirror, revision, doc.folder.strip("/"))
    if files.SETTINGS not in texts:
        raise UsageError(
            f"{_origin(doc)} holds no {files.SETTINGS}",
            hint=f"correct `folder` or `revision` under [organisation] in {files.SETTINGS}",
        )
    _no_more_above(texts[files.SETTINGS], _origin(doc))
    shared = {path: text for path, text in texts.items() if path.startswith(_SHARED)}
    origin = f"{_origin(doc)}:"
    return Layer(name=ORGANISATION, texts=shared, origin=origin, watched=(files.SETTINGS,))


def _origin(doc: OrganisationDoc) -> str:
    return f"{doc.git}@{str(doc.revision)[:_SHORT]}"


def _no_more_above(settings: str, where: str) -> None:
    if organisation_of(settings, f"{where}/{files.SETTINGS}"):
        raise SourceError(
            "an organisation's policy has none above it",
            at=f"{where}/{files.SETTINGS}",
            hint="take [organisation] out of it",
        )


def _read(root: str, folders: tuple[str, ...]) -> dict[str, str]:
    return {
        path: text for folder in folders for path, text in files.read_tree(root, folder).items()
    }
