"""Outputs as small models write them, whole and spoilt, made from a seed.

A clean output is a summary that a person wrote in words of their own, an extraction, a label or a
list as long as its input. A spoilt one is a clean output with one fault of a named kind.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from conductor.compiler.schema import first_problem
from conductor.core.checks import Expected, Material
from conductor.core.execution import AgentResult, AgentStatus, Outcome

SEED = 20_261_125
_LIMIT = 250  # tokens that the last agent may write

# A source, what a person says about it, its facts, and who and how much is in none of them.
_SOURCES: tuple[tuple[str, tuple[str, ...], dict[str, object]], ...] = (
    (
        "Minutes of the meeting on 4 May. Present: Ines Moreau, Tom Ashby, Karin Lund. The export"
        " job took 47 minutes last night, because the old database locks whole tables. Ines"
        " proposes to move it to PostgreSQL by the end of June. Tom is worried about the 312"
        " reports that read the old tables directly. It was decided to copy the data first and to"
        " switch the reports one by one. Karin will write a plan until Friday.",
        (
            "The export is slow, as the old database locks its tables. The team decided to copy"
            " the data to PostgreSQL first and to move the 312 reports one after the other. Karin"
            " Lund writes a plan by Friday.",
            "Last night's export needed 47 minutes. Ines Moreau wants to use PostgreSQL from the"
            " end of June, but Tom fears for the reports that read old tables. They will switch"
            " step by step.",
        ),
        {"date": "4 May", "minutes": 47, "reports": 312, "owner": "Karin Lund"},
    ),
    (
        "Invoice 2041, dated 12 March. From: Rivera Plumbing. To: Old Harbour Hotel, Quay Street 7."
        " Repair of two taps, 3 hours at 65.00 EUR. Material 45.00 EUR. Total: 240.00 EUR, payable"
        " within 30 days to account 5512. Questions: call Pedro.",
        (
            "Rivera Plumbing asks the Old Harbour Hotel for 240.00 EUR for the repair of two taps."
            " The work took 3 hours, and the money is due within 30 days.",
            "The bill with number 2041 is for repaired taps. It names 240 EUR in all, of which 45"
            " are for material. Pedro answers questions.",
        ),
        {"sender": "Rivera Plumbing", "receiver": "Old Harbour Hotel", "number": "2041",
         "total": 240.0},
    ),
    (
        "Release 2.14 of the map viewer. The tiles of Iceland and Norway are new. Zooming no longer"
        " freezes on phones with less than 2 GB of memory. The setting `cache_days` is now 14"
        " instead of 90, because old tiles filled the disk. Known problem: printing from Firefox"
        " cuts off the legend; Marta Kowalska works on it.",
        (
            "The new version brings tiles of Iceland and Norway and no longer freezes when one"
            " zooms on small phones. Tiles are kept for 14 days now. Printing from Firefox still"
            " loses the legend.",
            "Version 2.14 keeps tiles for a shorter time, so that they do not fill the disk. Marta"
            " Kowalska is working on the legend that Firefox cuts off in print.",
        ),
        {"version": "2.14", "cache_days": 14, "browser": "Firefox", "owner": "Marta Kowalska"},
    ),
    (
        "The library of Lindau lends 18,500 books to 2,310 readers. In 2024 the number of loans"
        " fell by 6 percent, while e-books grew by 41 percent. The director, Anna Berger, wants to"
        " open on Sundays and to close one of the three branches, the one at the station, which"
        " only 85 people visit per week. The council will decide in November.",
        (
            "Fewer books and many more e-books are lent in Lindau. The director would like to open"
            " on Sundays and to give up the branch at the station, which few people visit. The"
            " council has the last word in November.",
            "Anna Berger plans changes for the library, which has 2,310 readers and 18,500 books."
            " Loans fell by 6 percent in 2024, and e-books grew by 41 percent.",
        ),
        {"city": "Lindau", "readers": 2310, "director": "Anna Berger", "branches": "three"},
    ),
    (
        "Ticket 88121 from Hugo Martins: since the update on Tuesday the scanner in Lisbon reads"
        " every parcel twice. We counted 1,940 double entries in one day. Restarting helps for"
        " about 20 minutes. The log says: “duplicate frame from sensor B, dropped after retry”."
        " The scanner in Porto has the same firmware, 7.3.1, and works.",
        (
            "After Tuesday's update the scanner in Lisbon reads parcels twice, which made 1,940"
            " double entries in a day. A restart helps only for a short time. The one in Porto"
            " works with the same firmware.",
            "Hugo Martins reports double entries from a scanner. The log shows “duplicate frame"
            " from sensor B, dropped after retry”, and the firmware is 7.3.1 in both places.",
        ),
        {"ticket": "88121", "city": "Lisbon", "firmware": "7.3.1", "entries": 1940},
    ),
    (
        "Recipe of Grandmother Elise for 8 people: 500 g of flour, 4 eggs, 250 ml of milk, a pinch"
        " of salt. Mix everything, and let the dough rest for 45 minutes. Bake thin cakes in a hot"
        " pan, about 2 minutes on each side. Serve with plum jam from Kent or with cheese.",
        (
            "The recipe makes thin cakes for eight people out of flour, eggs, milk and salt. The"
            " dough rests for 45 minutes before it is baked in a pan. Jam or cheese goes with it.",
            "Elise mixes 500 g of flour with eggs and milk, waits for 45 minutes and bakes the"
            " cakes for two minutes on each side. They are eaten with plum jam from Kent.",
        ),
        {"people": 8, "flour": "500 g", "rest_minutes": 45, "cook": "Elise"},
    ),
)  # fmt: skip
_STRANGERS = ("Sarah Whitfield", "Deniz Aydin", "Globex Corporation", "Santiago", "Miriam Oduya",
              "Northwind Traders", "Yokohama", "Viktor Hansson")  # fmt: skip
_FOREIGN = (
    "Der Text sagt, dass die Arbeit nicht einfach war und dass die Leute mit dem Ergebnis"
    " zufrieden sind. Es wird auch gesagt, was als nächstes zu tun ist.",
    "Le texte dit que le travail est fini et que les gens sont contents des résultats. On y"
    " trouve aussi ce qui reste à faire pour la suite.",
    "文本说工作已经完成，大家对结果很满意。下一步要做的事情也写在里面了。",
    "El texto dice que el trabajo no es fácil y que la gente está contenta con los resultados."
    " También se dice lo que queda por hacer.",
)
_LABELS = {"bug": "it does not work", "feature": "something new", "question": "how", "other": "-"}
_NEAR = ("bugs", "feature request", "enhancement", "complaint", "praise", "Bug or question", "N/A")


@dataclass(frozen=True)
class Case:
    kind: str  # of the fault; `clean` without one
    material: Material


def cases(rounds: int = 6) -> list[Case]:
    """Make the set: the same one for the same number of rounds."""
    dice = random.Random(SEED)  # noqa: S311 - it shall be the same every time
    made: list[Case] = []
    for _ in range(rounds):
        for source, summaries, facts in _SOURCES:
            made.extend(_summary(dice, source, dice.choice(summaries)))
            made.extend(_extraction(dice, source, facts))
            made.extend(_list(dice, source))
        made.extend(_label(dice))
    return made


def _summary(dice: random.Random, source: str, summary: str) -> Iterator[Case]:
    expected = Expected(grounded=("names", "numbers", "quotes"))
    whole = _material(source, summary, _agent("Summarise the text in a few sentences."), expected)
    yield Case("clean", whole)
    yield Case("clean", _with(whole, f"<think>Let me see what matters.</think>\n{summary}"))
    yield Case("clean", _with(whole, "\n".join(f"- {one}" for one in _sentences(summary))))
    yield Case("empty", _with(whole, dice.choice(["", "\n \n", "<think>The text says that"])))
    yield Case("truncated", _cut_off(dice, whole, summary))
    yield Case("looping", _with(whole, _loop(dice, summary)))
    yield Case("language", _with(whole, dice.choice(_FOREIGN)))
    for kind, spoil in (("name", _name), ("number", _number), ("quote", _quote)):
        yield Case(f"invented {kind}", _with(whole, spoil(dice, summary)))


def _extraction(dice: random.Random, source: str, facts: dict[str, object]) -> Iterator[Case]:
    kinds = {str: "string", int: "integer", float: "number"}
    schema = {
        "type": "object",
        "properties": {name: {"type": kinds[type(value)]} for name, value in facts.items()},
        "required": list(facts),
    }
    expected = Expected(json=True, grounded=("names", "numbers", "quotes"))
    agent = {**_agent("Extract the facts as JSON."), "response_format": schema}
    whole = _material(source, json.dumps(facts), agent, expected)
    yield Case("clean", whole)
    yield Case("clean", _with(whole, f"```json\n{json.dumps(facts, indent=2)}\n```", same=facts))
    text = json.dumps(facts)
    yield Case("truncated", _with(whole, text[: dice.randrange(len(text) // 3, len(text) - 1)]))
    names = [name for name, value in facts.items() if isinstance(value, str)]
    made = facts | {dice.choice(names): dice.choice(_STRANGERS)}
    yield Case("invented name", _with(whole, json.dumps(made)))
    counted = [name for name, value in facts.items() if not isinstance(value, str)]
    if counted:
        made = facts | {dice.choice(counted): dice.randrange(4_000, 9_000)}
        yield Case("invented number", _with(whole, json.dumps(made)))
    lost = dict(facts)
    lost.pop(dice.choice(list(facts)))
    yield Case("schema", _with(whole, json.dumps(lost)))
    yield Case("schema", _with(whole, f"Here is the JSON you asked for: {text}"))


def _list(dice: random.Random, source: str) -> Iterator[Case]:
    lines = _sentences(source)
    expected = Expected(items=("lines", "list items"))
    shorter = [f"{number}. {line[:60]}" for number, line in enumerate(lines, 1)]
    agent = _agent("Rewrite each line in fewer words, one list item per line.")
    whole = _material("\n".join(lines), "\n".join(shorter), agent, expected)
    yield Case("clean", whole)
    dropped = [line for line in shorter if line is not dice.choice(shorter)]
    if len(dropped) < len(shorter):
        yield Case("dropped item", _with(whole, "\n".join(dropped)))
    yield Case("dropped item", _with(whole, "\n".join(shorter[: dice.randrange(1, len(shorter))])))
    yield Case("dropped item", _with(whole, "\n".join([*shorter, "9. And one more"])))


def _label(dice: random.Random) -> Iterator[Case]:
    schema = {"type": "object", "properties": {"label": {"enum": list(_LABELS)}}}
    agent = {**_agent("What kind of issue is this?"), "response_format": schema}
    for label in _LABELS:
        whole = _material("It does not start.", json.dumps({"label": label}), agent, Expected())
        yield Case("clean", whole)
        yield Case("off-label", _with(whole, json.dumps({"label": dice.choice(_NEAR)})))
    plain = _material("x", "bug", _agent("Which?"), Expected(labels=tuple(_LABELS)))
    yield Case("clean", plain)
    yield Case("off-label", _with(plain, f"This looks like a {dice.choice(list(_LABELS))} to me"))


def _agent(prompt: str) -> dict[str, object]:
    return {"name": "w", "model_profile": "p", "max_tokens": _LIMIT, "system_prompt": prompt}


def _material(
    source: str, output: str, agent: dict[str, object], expected: Expected
) -> Material:  # fmt: skip
    result = AgentResult(
        name="w",
        status=AgentStatus.SUCCEEDED,
        output=output,
        input_tokens=len(source) // 4,
        output_tokens=len(output) // 4,
    )
    return Material(
        outcome=Outcome(output=output, agents=(result,), seconds=1.0),
        ensemble={"agents": [agent]},
        input=source,
        expected=expected,
        validate=first_problem,
    )


def _with(
    whole: Material, output: str, *, tokens: int | None = None, same: object = None
) -> Material:
    """Give another output; `same` is what the agent wrote where the output only dresses it."""
    (agent,) = whole.outcome.agents
    written = min(len(output) // 4, _LIMIT - 1) if tokens is None else tokens
    said = json.dumps(same) if same else output
    result = replace(agent, output=said, output_tokens=written)
    return replace(whole, outcome=replace(whole.outcome, output=output, agents=(result,)))


def _sentences(text: str) -> list[str]:
    parts = text.replace(". ", ".\n").split("\n")
    return [part for part in parts if len(part.split()) > 1]


def _cut_off(dice: random.Random, whole: Material, summary: str) -> Material:
    """Stop the model at its limit, within a sentence, or let its server drop the input."""
    way = dice.randrange(3)
    if way == 0:
        return _with(whole, summary, tokens=_LIMIT)
    if way == 1:
        words = summary.split()
        return _with(whole, " ".join(words[: dice.randrange(len(words) // 2, len(words))]))
    (agent,) = whole.outcome.agents
    dropped = replace(agent, input_tokens=900)
    long = replace(whole, outcome=replace(whole.outcome, agents=(dropped,)))
    return replace(long, input="\n".join([whole.input] * 24))


def _loop(dice: random.Random, summary: str) -> str:
    sentences = _sentences(summary)
    again = dice.choice(sentences)
    words = again.split()
    return dice.choice(
        [
            " ".join([summary, *([again] * 8)]),
            " ".join([summary, *(words[-3:] * 12)]),
            "\n".join(f"{number}. {again}" for number in range(1, 15)),
            f"{summary} {words[-1]} " * 9,
        ]
    )


def _name(dice: random.Random, summary: str) -> str:
    stranger = dice.choice(_STRANGERS)
    way: Callable[[], str] = dice.choice(
        [
            lambda: f"{summary} This was confirmed by {stranger} later.",
            lambda: summary.replace(". ", f", as {stranger} says. ", 1),
            lambda: f"{stranger} is responsible for it. {summary}",
        ]
    )
    return way()


def _number(dice: random.Random, summary: str) -> str:
    made = dice.choice(["73", "1,275", "88.5", "3000", "19.99"])
    return f"{summary} In all there are {made} of them."


def _quote(dice: random.Random, summary: str) -> str:
    said = dice.choice(["we never saw this coming", "nobody was ever asked about it"])
    return f"{summary} One person said: “{said}”."
