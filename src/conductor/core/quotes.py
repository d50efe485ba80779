"""Evidence: words of the judged texts, kept as places so that no text is kept by the way."""

from __future__ import annotations

import re
from dataclasses import dataclass

OUTPUT, INPUT = "output", "input"
_MARKS = "\"'“”„«»`"  # what people put around a quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """What was judged, as the judge could see it; None: it was not kept."""

    input: str | None = None
    output: str | None = None

    @property
    def whole(self) -> bool:
        return self.input is not None and self.output is not None


@dataclass(frozen=True, slots=True)
class Quote:
    """Where evidence stands: offsets in characters, the end excluded."""

    text: str  # `output` or `input`
    start: int
    end: int


def locate(quote: str, texts: Texts) -> Quote | None:
    """Find a quote in the output, else in the input; line breaks and spaces are alike."""
    for candidate in (quote, quote.strip(_MARKS)):
        words = candidate.split()
        if not words:
            continue
        pattern = re.compile(r"\s+".join(map(re.escape, words)))
        for name, text in ((OUTPUT, texts.output), (INPUT, texts.input)):
            if text is not None and (found := pattern.search(text)):
                return Quote(name, found.start(), found.end())
    return None
