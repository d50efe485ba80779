"""Compiling 1, 100 and 1,000 specs: time per spec must not grow. Memory is the peak of all."""

from __future__ import annotations

import resource
import time

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
            note = f"  {took / (10 * per_hundred):.2f} x ten times the time of 100"
        print(f"{count:>5} specs  {took:7.2f} s  {took / count * 1000:7.2f} ms each{note}")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main()
