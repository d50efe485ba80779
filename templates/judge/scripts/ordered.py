"""Let a judgement pass only if its reasons stand before what they are reasons for.

A server that does not enforce the schema's order may write a result first; the reasoning is an
excuse then. What does not pass is said in plain text, which is no JSON and is rejected. What the
judge calls `result` and `shortcoming` is the record's `answer` and `failure_mode`.
"""

import json
import sys

RECORD = ("criteria", "reasoning", "shortcoming", "verdict")
ANSWERED = ("evidence", "reasoning", "result")
NAMES = {"result": "answer", "shortcoming": "failure_mode"}


def ordered(text):
    try:
        judgement = json.loads(text)
    except ValueError:
        return f"the judgement is not JSON: {text}"
    criteria = judgement.get("criteria", {}) if isinstance(judgement, dict) else None
    if not isinstance(criteria, dict) or not in_order(judgement, RECORD):
        return f"the judgement does not begin with its reasoning: {text}"
    if not all(in_order(one, ANSWERED) for one in criteria.values()):
        return f"an answer has no reasoning before it: {text}"
    return json.dumps(named(judgement), ensure_ascii=False)


def in_order(one, wanted):
    if not isinstance(one, dict) or not str(one.get("reasoning", "")).strip():
        return False
    return list(one) == [key for key in wanted if key in one]


def named(value):
    if not isinstance(value, dict):
        return value
    return {NAMES.get(key, key): named(one) for key, one in value.items()}


if __name__ == "__main__":
    dependencies = json.load(sys.stdin)["dependencies"]
    print(ordered(next(iter(dependencies.values())).get("response") or ""))
