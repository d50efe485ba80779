"""Cut the input into parts: by size, paragraph, heading or line, or a diff by file.

Reads the engine's JSON on standard input, with `parameters`: `by`, `words` (of one part, at most)
and `most` (parts). Writes a JSON array; more parts than `most` are a failure, never a silent cut.
"""

import json
import re
import sys

STARTS = {
    "paragraphs": r"\n[ \t]*\n",
    "headings": r"\n(?=#{1,6} )",
    "lines": r"\n",
    "files": r"\n(?=diff --git )",
}


def pieces(text, by):
    if by == "size":
        return re.findall(r"\S+\s*", text)
    return [piece.strip("\n") for piece in re.split(STARTS[by], text) if piece.strip()]


def parts(text, by, words):
    """Join what fits together into one part by size; any other piece is a part by itself."""
    if by != "size":
        return pieces(text, by)
    found, current = [], []
    for word in pieces(text, by):
        ends = current and "\n\n" in current[-1] and len(current) > words * 3 // 4
        if ends or len(current) >= words:
            found.append("".join(current).strip())
            current = []
        current.append(word)
    return [*found, "".join(current).strip()] if current else found


def answer(text, parameters):
    found = parts(text, parameters["by"], parameters.get("words", 0))
    most = parameters["most"]
    if len(found) > most:
        error = f"the input has {len(found)} parts, at most {most} are worked on"
        return {"success": False, "error": error}
    return {"success": True, "data": found}


if __name__ == "__main__":
    given = json.load(sys.stdin)
    print(json.dumps(answer(given["input"], given["parameters"])))
