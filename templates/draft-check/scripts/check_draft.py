"""Look at one draft with the checks in `AGENT_PARAMETERS`, and say what to do better.

Reads the engine's JSON on standard input. Writes `passed`, `draft`, `problems`, their `reason` in a
sentence, and `next`: the input of the next try, which is the first input with this draft and its
problems below.
"""

import ast
import json
import os
import re
import sys

MARK = "\n\n---- your last draft ----\n"
FENCE = re.compile(r"^```[a-z]*\n(.*?)\n?```$", re.DOTALL | re.MULTILINE)


def parses(text, parse):
    try:
        parse(text)
    except (ValueError, SyntaxError):
        return False
    return True


# The sentence about a draft that does not pass, or nothing.
CHECKS = {
    "contains": lambda text, part: part not in text and f"it must contain: {part}",
    "json": lambda text, on: on and not parses(text, json.loads) and "it must be valid JSON",
    "lacks": lambda text, part: part in text and f"it must not contain: {part}",
    "max_lines": lambda text, most: text.count("\n") >= most and f"use at most {most} lines",
    "max_words": lambda text, most: len(text.split()) > most and f"use at most {most} words",
    "min_words": lambda text, least: len(text.split()) < least and f"use at least {least} words",
    "pattern": lambda text, form: not re.search(form, text) and f"it must match: {form}",
    "python": lambda text, on: on and not parses(text, ast.parse) and "it must be valid Python",
    "starts_with": lambda text, start: not text.startswith(start) and f"begin with: {start}",
}


def look(text, asked, checks):
    fenced = FENCE.search(text)
    draft = (fenced[1] if fenced else text).strip()
    problems = [found for name, value in checks.items() if (found := CHECKS[name](draft, value))]
    if not draft:
        problems = ["write something"]
    todo = "\n".join(f"- {one}" for one in problems)
    first = asked.partition(MARK)[0]
    again = f"{first}{MARK}{draft}\n\n---- write it again ----\n{todo}"
    reason = f"no draft passed, of the last: {', '.join(problems)}" if problems else ""
    return {
        "passed": not problems,
        "draft": draft,
        "problems": problems,
        "reason": reason,
        "next": again,
    }


if __name__ == "__main__":
    given = json.load(sys.stdin)
    written = next(iter(given["dependencies"].values())).get("response") or ""
    checks = json.loads(os.environ.get("AGENT_PARAMETERS") or "{}")
    print(json.dumps(look(written, given["input_data"], checks)))
