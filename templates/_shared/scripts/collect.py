"""Take what child ensembles delivered out of their records, as text for the next reader.

Reads the engine's JSON on standard input: the first dependency is the child's record, or a list of
them; a dependency `split` gives the parts that they worked on. `AGENT_PARAMETERS` may hold `head`
and `foot`, texts around the sections. One record gives its text and nothing around it.
"""

import json
import os
import sys


def deliverable(record):
    """Find the last text that an agent of the child wrote and that no other agent used."""
    try:
        child = json.loads(record or "{}")
    except ValueError:
        return str(record)
    if isinstance(child.get("deliverable"), str):
        return child["deliverable"].strip()
    texts = [
        one["response"]
        for one in child.get("results", {}).values()
        if one.get("status") == "success" and isinstance(one.get("response"), str)
    ]
    return texts[-1].strip() if texts else ""


def title(number, part):
    first = next((line.strip(" #") for line in part.split("\n") if line.strip(" #")), "")
    return f"{number}. {first[:80]}" if first else f"{number}."


def collect(dependencies, parameters):
    first = next(iter(dependencies.values()))
    if not isinstance(first.get("response"), list):
        return deliverable(first.get("response"))
    sources = json.loads(dependencies.get("split", {}).get("response") or "{}").get("data", [])
    sections = [parameters["head"]] if parameters.get("head") else []
    for index, record in enumerate(first["response"]):
        text = deliverable(record) if record else "(this part failed)"
        name = title(index + 1, sources[index] if index < len(sources) else "")
        sections.append(f"## {name}\n{text or '(nothing)'}")
    if parameters.get("foot"):
        sections.append(parameters["foot"])
    return "\n\n".join(sections)


if __name__ == "__main__":
    given = json.loads(os.environ.get("AGENT_PARAMETERS") or "{}")
    print(collect(json.load(sys.stdin)["dependencies"], given))
