"""An output in a language that neither the input nor the instruction is written in."""

from __future__ import annotations

import re
from collections import Counter

from conductor.core.checks.material import ANY, EITHER, Material
from conductor.core.run import Check

_WORD = re.compile(r"[^\W\d_]+")
_SAMPLE = 4_000  # words
_LEAST_WORDS, _LEAST_SHARE = 8, 0.12  # of function words; prose has 0.3 and more
_AHEAD = 1.4  # times as many as of the next language

# Words that hold sentences together, the most frequent ones that few other languages have.
_FUNCTION_WORDS = {
    "en": "the of and to is are was were that this it for with as by from have has not be which",
    "de": "der die das und ist nicht ein eine den dem mit von zu auf für sich auch wird werden bei",
    "fr": "le les des et est une dans pour que qui sur pas avec du au ce sont par plus ne cette",
    "es": "el los las que una por con para del se es no su al como más esta este son ha lo",
    "it": "il di che è una per con non del della si sono le da dei come anche più nel gli alla",
    "pt": "o os que não uma para com do da em dos das por mais como ao foi são é pela pelo seu",
    "nl": "het een van en is dat niet voor met zijn op te wordt worden ook aan bij er naar deze",
    "pl": "i w nie na jest się z do że to jak przez oraz dla są od po został które który",
    "sv": "och att det är som en på för med av inte den till har ett om var från vid kan",
}
_LANGUAGES = {
    word: [code for code, words in _FUNCTION_WORDS.items() if word in words.split()]
    for words in _FUNCTION_WORDS.values()
    for word in words.split()
}
# Writing systems, in the order in which they decide: kana before the signs that Chinese has too.
_SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
)
KNOWN = (*_FUNCTION_WORDS, *(code for code, _ in _SCRIPTS))


def check(material: Material) -> Check | None:
    wanted = material.expected.language
    if wanted == ANY:
        return None
    if wanted in KNOWN:
        allowed = {wanted}
    elif given := language_of(material.input):
        # A short instruction tells no language by itself: most are English.
        told = {language_of(material.instructions) or "en"} if wanted == EITHER else set()
        allowed = {given} | told
    else:
        return None
    found = language_of(material.prose)
    passed = not found or found in allowed
    detail = (
        ""
        if passed
        else f"it is written in `{found}`, expected is `{'` or `'.join(sorted(allowed))}`"
    )
    return Check(name="language", passed=passed, detail=detail)


def language_of(text: str) -> str:
    """Name the language of a text by its code; empty where that is not plain."""
    words = _WORD.findall(text.lower())[:_SAMPLE]
    letters = max(1, sum(len(word) for word in words))
    for code, script in _SCRIPTS:
        if len(script.findall(text[: _SAMPLE * 8])) * 3 > letters:
            return code
    counts = Counter(code for word in words for code in _LANGUAGES.get(word, ()))
    (first, most), (_, second), *_ = [*counts.most_common(2), ("", 0), ("", 0)]
    enough = len(words) >= _LEAST_WORDS and most >= len(words) * _LEAST_SHARE
    return first if enough and most >= second * _AHEAD else ""
