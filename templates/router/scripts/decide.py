"""Ask the compiled policy which ensemble works on the input.

Reads the engine's JSON on standard input, with `parameters`: `targets`, the ensembles that may be
named. Whatever else comes back, and any failure to ask, is `found: false`: then nothing runs.
"""

import json
import shutil
import subprocess
import sys

SECONDS = 20


def command():
    installed = shutil.which("conductor")
    return [installed] if installed else [sys.executable, "-m", "conductor"]


def decision(text):
    asked = subprocess.run(
        [*command(), "route", "-", "--json", "--no-log"],
        input=text,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=True,
    )
    return json.loads(asked.stdout)


def answer(text, targets):
    try:
        decided = decision(text)
    except (OSError, ValueError, subprocess.SubprocessError) as failure:
        return {"found": False, "reason": f"the policy could not be asked: {failure}"}
    outcome, name = decided.get("outcome"), decided.get("ensemble")
    if outcome != "local":
        return {"found": False, "reason": f"the policy decides {outcome}: {decided.get('reason')}"}
    if name not in targets:
        return {"found": False, "reason": f"the policy chose `{name}`, which is no target here"}
    return {"found": True, "ensemble": name, "reason": decided.get("reason"), "input": text}


if __name__ == "__main__":
    given = json.load(sys.stdin)
    print(json.dumps(answer(given["input"], given["parameters"]["targets"])))
