"""Let a judgement pass only if its reasoning stands before its verdict.

A server that does not enforce the schema's order may write the verdict first; the reasoning is an
excuse then. What does not pass is said in plain text, which is no JSON and is rejected. What the
judge calls `shortcoming` is the record's `failure_mode`.
"""

import json
import sys

RECORD = ["reasoning", "failure_mode", "verdict"]
NAMES = {"shortcoming": "failure_mode", **dict(zip(RECORD, RECORD, strict=True))}


def ordered(text):
    try:
        judgement = json.loads(text)
    except ValueError:
        return f"the judgement is not JSON: {text}"
    known = [key for key in judgement if key in NAMES] if isinstance(judgement, dict) else []
    if [NAMES[key] for key in known] != RECORD or not str(judgement["reasoning"]).strip():
        return f"the verdict has no reasoning before it: {text}"
    return json.dumps({NAMES[key]: judgement[key] for key in known}, ensure_ascii=False)


if __name__ == "__main__":
    dependencies = json.load(sys.stdin)["dependencies"]
    print(ordered(next(iter(dependencies.values())).get("response") or ""))
