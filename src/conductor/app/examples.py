"""The golden examples of an ensemble: registry/examples/NAME/CASE.yaml."""

from __future__ import annotations

from conductor.adapters import files
from conductor.compiler import problems
from conductor.compiler.source_registry import ExampleDoc
from conductor.compiler.text import parse
from conductor.core.examples import Example
from conductor.core.finding import Finding
from conductor.errors import SourceError

EXAMPLES = "registry/examples"


def golden(root: str, ensemble: str) -> list[Example]:
    """Read the workspace's examples, else those that come with conductor's own ensembles."""
    return read_examples(root, ensemble) or read_examples(files.packaged(), ensemble)


def read_examples(root: str, ensemble: str) -> list[Example]:
    """Read them in the order of their names; raises SourceError for one that is not valid."""
    folder = f"{EXAMPLES}/{ensemble}"
    found = files.read_tree(root, folder)
    return [
        _example(ensemble, path, text) for path, text in found.items() if path.endswith(".yaml")
    ]


def _example(ensemble: str, path: str, text: str) -> Example:
    parsed = parse(path, text)
    if isinstance(parsed, Finding):
        raise SourceError(parsed.message, at=str(parsed.at), hint=parsed.hint)
    doc = problems.read(ExampleDoc, parsed)
    if isinstance(doc, list):
        raise SourceError(doc[0].message, at=str(doc[0].at), hint=doc[0].hint)
    return Example(
        ensemble=ensemble,
        name=path.rpartition("/")[2].removesuffix(".yaml"),
        input=doc.input,
        holds=doc.holds.model_dump(exclude_none=True),
        good=doc.good.model_dump(exclude_none=True),
    )
