"""Compiling 1, 100 and 1,000 specs of a swarm of 14 agents: time per spec must not grow.

The named baseline is the engine's own reader, PyYAML's safe loader in C, on the ensembles that come
out: whoever compiles has to read each of them at least once. Memory is the peak of all.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Mapping

import yaml

from conductor.adapters import files
from conductor.app.build import sources
from conductor.compiler.assemble import assemble

SPEC = "registry/specs/adr-review.toml"


def main() -> None:
    root = files.packaged()
    own = sources(root)
    schema = files.read_text(f"{root}/schemas/ensemble.json")
    assemble(own, schema)  # imports and caches are not what is measured
    per_hundred = 0.0
    for count in (1, 100, 1000):
        specs = {f"registry/specs/copy-{number}.toml": own[SPEC] for number in range(count)}
        began = time.perf_counter()
        result = assemble({**own, **specs}, schema)
        took = time.perf_counter() - began
        assert not result.failed
        note = ""
        if count == 100:
            per_hundred = took
        if count == 1000:
            read = reading(result.files)
            note = f"  {took / (10 * per_hundred):.2f} x ten times the time of 100"
            note += f"  {took / read:.1f} x reading the ensembles once ({read:.2f} s)"
        print(f"{count:>5} specs  {took:7.2f} s  {took / count * 1000:7.2f} ms each{note}")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


def reading(written: Mapping[str, str]) -> float:
    """Time what the engine needs to read the ensembles that were compiled, in seconds."""
    began = time.perf_counter()
    for path, text in written.items():
        if path.startswith("registry/ensembles/copy-"):
            yaml.load(text, Loader=yaml.CSafeLoader)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
