"""Put the groups' answers into one JSON object, a key per group.

Reads the engine's JSON on standard input. If a group's answer is no JSON, says so in plain text:
then the output is no JSON either, and whoever checks it sees why.
"""

import json
import sys


def merge(dependencies):
    merged = {}
    for name, result in dependencies.items():
        group = name.removeprefix("extract-")
        try:
            merged[group] = json.loads(result.get("response") or "")
        except ValueError:
            return f"the answer of group {group} is not JSON: {result.get('response')}"
    return json.dumps(merged, ensure_ascii=False, indent=1)


if __name__ == "__main__":
    print(merge(json.load(sys.stdin)["dependencies"]))
