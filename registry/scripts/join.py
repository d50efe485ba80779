# Written by `conductor compile` from templates/swarm/scripts/join.py: edit that file, not this one.
"""Join what the extractors found into one text, a section each, in the order they are declared.

Reads the engine's JSON on standard input and writes plain text, so that the next model sees no
envelope. A failed extractor is named, because silence would look like an empty result.
"""

import json
import sys


def join(dependencies):
    sections = []
    for name, result in dependencies.items():
        text = str(result.get("response") or "").strip()
        if result.get("status") != "success":
            text = "(this extractor failed)"
        title = name.removeprefix("extract-").replace("-", " ")
        sections.append(f"## {title}\n{text or '(nothing found)'}")
    return "\n\n".join(sections)


if __name__ == "__main__":
    print(join(json.load(sys.stdin)["dependencies"]))
