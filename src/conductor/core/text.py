"""A task's text as signals look at it: its words, its opening, its shape and what can be counted.

Everything is computed when first asked for, in a window of fixed size: 10 MB cost what a page does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from conductor.core.words import BORDER, SENTENCE_ENDS, apart, count, count_sentences, normalise

_HEAD, _TAIL = 6_000, 2_000  # characters: instructions stand before or after a document
_OPENING, _ENDING = 14, 40  # words
_RUN = 3  # as many lines of a kind make a shape: two may be chance

# Compiled when a text asks for them: most never do, and a start must not pay for them.
_LINES = {
    "list": r"[ \t]{0,8}(?:[-*•+]|\(?\d{1,3}[.):])[ \t]",
    "options": r"[ \t]{0,8}\(?[A-Ha-h][.)][ \t]",
    "log": (
        r"(?:\[?\d{4}-\d\d-\d\d[T ]|\[?\d\d:\d\d:\d\d|[A-Z][a-z]{2} [ \d]\d \d\d:)"
        r"|\[?(?:DEBUG|INFO|WARN|WARNING|ERROR|FATAL)\b"
    ),
    "code": (
        r"[ \t]{0,24}(?:(?:async )?def \w|class \w|import \w|from [\w.]{1,40} import|return\b"
        r"|#include|(?:public|private|static|const|let|var|func|function|fn|void|int) \w"
        r"|@\w|elif |else:|(?:if|for|while|switch|catch) ?\(|(?:if|for|while|with) .{1,100}:$"
        r"|[\w.\[\]]{1,40} ?[-+]?= ?\S|[})\]];?$|.{0,120}[;{]$|\$ \w)"
    ),
    "diff": r"(?:diff --git |@@ -\d|[-+]{3} [ab]/)",
    "trace": (
        r'(?:Traceback \(most recent|[ \t]{1,8}File "|[ \t]{1,8}at [\w$.<]|Caused by: |panic: )'
    ),
}
_JSON = r'[{\[,]\s{0,20}"[^"\n]{1,60}"\s?:'
_FORMULA = r"\$[^$\n]{1,200}\$|\\(?:frac|sqrt|sum|int|begin)\b|\d [-+*/] \d|\w ?[\^=] ?\d"
_SIGNS = frozenset("$\\*/=^+-")  # a formula has one of these
_NUMBER = r"\d[\d,.]*"
_NUMBER_WORDS = frozenset(
    {"two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
     "twenty", "thirty", "forty", "fifty", "hundred", "thousand", "dozen", "twice", "half", "third",
     "quarter", "double", "triple"}
)  # fmt: skip
_INLINE_NUMBER = (
    r"\((?<![\w\])]\()(?:\d|[a-f]|i{1,3}|iv|vi?)\)",
    r"\d(?<=[;:,a-z] \d)[.)] (?=[a-z])",
)
_IDENTIFIER = (  # each begins with what is rare in prose, so that the search for it is quick
    r"`[^`\n]{1,80}`",
    r"\((?<=\w\()(?:\)|\w{1,40}[.\[])",
    r"\.(?<=[a-z]\.)[a-z_]{1,40}[\[(]",
    r"_(?<=[a-z]_)[a-z]",
    r"[A-Z](?<=[a-z][A-Z])[a-z]",
)
_ALTERNATIVES = (
    r"[:(] ?(?:[\w'/ -]{1,30}, ?){0,8}[\w'/ -]{1,30},? or [\w'/]"
    r"|[?,;-] ?[\w'. ]{1,50} or [\w'. ]{1,50}\??\s{0,9}\Z"
)
_PARAGRAPH = 12  # words
_FEW = {"diff": 1, "trace": 1}  # lines that are unmistakable alone


class Text:
    """One text, looked at through its first 6,000 and last 2,000 characters.

    `material` is the text of a file that belongs to the task. It counts by its shapes and amounts;
    its words are never taken for those of whoever asks.
    """

    __slots__ = (
        "_amounts",
        "_apart",
        "_instruction",
        "_lines",
        "_sentences",
        "_shapes",
        "asked",
        "ending",
        "everywhere",
        "lower",
        "opening",
        "raw",
        "vocabulary",
        "words",
    )

    def __init__(self, text: str, material: str = "") -> None:
        self.asked = _window(text)
        self.raw = _window(f"{self.asked}\n\n{material}") if material else self.asked
        self.lower = self.asked.lower()
        self.words = normalise(self.asked.replace(BORDER, " "))
        # With those of files that belong to the task as well.
        self.everywhere = normalise(self.raw.replace(BORDER, " ")) if material else self.words
        split = self.words.split()
        self.vocabulary = frozenset(split)
        self.opening = f" {' '.join(split[:_OPENING])} "
        self.ending = f" {' '.join(split[-_ENDING:])} "
        self._lines = self.raw.splitlines()
        self._amounts = {"words": count(self.raw) if material else len(split)}
        self._sentences: dict[bool, list[str]] = {}
        self._shapes: dict[str, bool] = {}
        self._instruction = ""
        self._apart = (self.asked, material[:_HEAD], "") if material else ("", "", "")

    def amount(self, name: str) -> int:
        """Count one of AMOUNTS."""
        if name not in self._amounts:
            self._amounts[name] = AMOUNTS[name](self)
        return self._amounts[name]

    def amount_said(self, name: str) -> int:
        """Count words and sentences without the material, and all else with it."""
        alone = name in _OF_SAID and self.amount("pasted")
        return _OF_SAID[name](self.said()) if alone else self.amount(name)

    def has(self, shape: str) -> bool:
        """Tell whether the text, or a part of it, has one of SHAPES."""
        if shape not in self._shapes:
            self._shapes[shape] = SHAPES[shape](self)
        return self._shapes[shape]

    def sentences(self, *, instruction: bool = False) -> list[str]:
        """Give the sentences, each normalised: of everything, or of what is said about material."""
        if instruction not in self._sentences:
            text = (self.said() if instruction else self.asked).replace(BORDER, " ")
            for end in (*SENTENCE_ENDS, "\n\n"):
                text = text.replace(end, f" {BORDER} ")
            self._sentences[instruction] = normalise(text).split(BORDER)
        return self._sentences[instruction]

    def apart(self) -> tuple[str, str, str]:
        """Part it into an instruction, the material, and what is said behind the material."""
        if not any(self._apart):
            self._apart = apart(self.raw)
        return self._apart

    def said(self) -> str:
        """Give what is said about the material; without material, everything."""
        before, _, after = self.apart()
        return f"{before}\n\n{after}" if after else before

    def instruction(self) -> str:
        """Give `said`, normalised."""
        if not self._instruction:
            self._instruction = normalise(self.said())
        return self._instruction

    def pasted(self) -> int:
        """Count the words of the material: the file, or what stands apart from the instruction."""
        return count(self.apart()[1])

    def lines(self, kind: str) -> int:
        """Count the lines that look like one of the kinds of lines."""
        match = re.compile(_LINES[kind]).match
        return sum(match(line) is not None for line in self._lines)

    def paragraphs(self) -> list[int]:
        """Give the length of each paragraph, in words."""
        return [len(block.split()) for block in self.raw.split("\n\n")]

    def cells(self) -> tuple[int, int]:
        """Give the longest run of lines with equally many separators, two or more, and how many."""
        best, run, before = (0, 0), 0, -1
        for line in self._lines:
            here = max(line.count(separator) for separator in ",;\t|")
            run = run + 1 if here == before and here > 1 else 1
            best, before = max(best, (run, here) if here > 1 else (0, 0)), here
        return best

    def foreign(self) -> bool:
        """Tell whether one letter in five is beyond the Latin scripts."""
        if self.raw.isascii():
            return False
        beyond = len(re.findall(r"[^\x00-\u024f\W\d_]", self.raw))
        return beyond * 5 > len(re.findall(r"[^\W\d_]", self.raw))

    def numbers(self) -> int:
        """Count the numbers, in digits and in words; `one` is mostly no number."""
        written = sum(self.words.count(f" {word} ") for word in self.vocabulary & _NUMBER_WORDS)
        return written + len(re.findall(_NUMBER, self.raw))

    def enumeration(self) -> bool:
        """Tell whether a line lists things: behind a colon or a question, in quotes, or alone."""
        for line in self._lines:
            pieces = line.split(",")
            if len(pieces) >= _RUN and all(len(piece.split()) <= _RUN for piece in pieces):
                return True
            _, mark, behind = line.replace("?", ":").partition(":")
            if (mark and "," in behind) or line.count('", "') or line.count('" or "'):
                return True
        return False

    def long_items(self) -> int:
        """Count the items of lists that are paragraphs of their own, as sources are."""
        long = [line for line in self._lines if len(line.split()) >= _PARAGRAPH]
        return sum(re.match(_LINES["list"], line) is not None for line in long)

    def diff_files(self) -> int:
        """Count the files that a diff changes."""
        return sum(line.startswith("+++ ") for line in self._lines)

    def items(self) -> int:
        """Count the pieces of the longest enumeration within one line: `sun, lamp and cave`."""
        return max((line.count(",") + 1 for line in self._lines if "," in line), default=0)


def _window(text: str) -> str:
    return text if len(text) <= _HEAD + _TAIL else f"{text[:_HEAD]}\n{text[-_TAIL:]}"


def _of_lines(kind: str) -> Callable[[Text], bool]:
    few = _FEW.get(kind, _RUN)
    return lambda text: text.amount("lines") > 1 and text.lines(kind) >= few


_OF_SAID: Mapping[str, Callable[[str], int]] = {"words": count, "sentences": count_sentences}
AMOUNTS: Mapping[str, Callable[[Text], int]] = {
    "words": lambda text: text.amount("words"),
    "sentences": lambda text: count_sentences(text.raw),
    "questions": lambda text: text.raw.count("?"),
    "numbers": Text.numbers,
    "lines": lambda text: text.raw.count("\n") + 1,
    "inline_numbers": lambda text: max(
        len(set(re.findall(one, text.raw))) for one in _INLINE_NUMBER
    ),
    "items": Text.items,
    "long_items": Text.long_items,
    "diff_files": Text.diff_files,
    "pasted": Text.pasted,
    "paragraphs": lambda text: len(text.paragraphs()),
    "longest_paragraph": lambda text: max(text.paragraphs()),
}
SHAPES: Mapping[str, Callable[[Text], bool]] = {
    **{kind: _of_lines(kind) for kind in _LINES},
    "alternatives": lambda text: (
        " or " in text.raw and re.search(_ALTERNATIVES, text.raw) is not None
    ),
    "csv": lambda text: text.cells()[0] >= _RUN,
    "enumeration": Text.enumeration,
    "fence": lambda text: "```" in text.raw,
    "foreign_script": Text.foreign,
    "formula": lambda text: (
        not _SIGNS.isdisjoint(text.raw) and re.search(_FORMULA, text.raw) is not None
    ),
    "identifier": lambda text: any(re.search(one, text.raw) for one in _IDENTIFIER),
    "json": lambda text: '":' in text.raw and re.search(_JSON, text.raw) is not None,
    "question": lambda text: text.asked.rstrip().endswith("?"),
}
