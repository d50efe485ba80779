"""What checks look at: the answer without thinking, its data, and what the model was given."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from conductor.core import graph
from conductor.core.closure import agents_of
from conductor.core.contract import TEXT
from conductor.core.execution import Document, Outcome

# Says what is wrong with a value by a JSON Schema; empty when nothing is.
Validate = Callable[[Mapping[str, object], object], str]

EITHER, INPUT, ANY = "either", "input", "any"
NAMES, NUMBERS, QUOTES = "names", "numbers", "quotes"

_THINKING = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE)
_FENCE = re.compile(r"\A```[a-z]*\n(.*)\n```\Z", re.DOTALL)
_EXAMPLES = "\n\nExample input:\n"  # a model that copies an example has invented its facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What an ensemble declares about its output; everything else is found in the ensemble."""

    json: bool = False
    schema: Mapping[str, object] | None = None
    labels: tuple[str, ...] = ()
    language: str = EITHER  # that of input or instruction; `input`, `any`, or a code such as `de`
    grounded: tuple[str, ...] = ()  # which of `names`, `numbers`, `quotes` the input must have
    items: tuple[str, str] | None = None  # the units that are counted in the input and the output
    failed_percent: int = 0  # of the agents with a model, so many may deliver nothing


@dataclass(frozen=True, kw_only=True)
class Material:
    """One outcome with what it came from."""

    outcome: Outcome
    ensemble: Document
    input: str
    expected: Expected = field(default_factory=Expected)
    children: Mapping[str, Document] = field(default_factory=dict)  # that it runs, by file stem
    validate: Validate = lambda _schema, _value: ""

    @cached_property
    def answer(self) -> str:
        """The output without what the model thought first, and out of its code fence."""
        text = _THINKING.sub("", self.outcome.output).strip()
        fenced = _FENCE.match(text)
        return fenced[1] if fenced else text

    @cached_property
    def parsed(self) -> tuple[object, str]:
        """The answer as JSON, and why it is none; the second is empty when it is."""
        return parse(self.answer)

    @property
    def wants_json(self) -> bool:
        """Tell whether the answer is to be JSON: a schema of texts holds for the text itself."""
        schema = self.expected.schema
        return self.expected.json or bool(schema and schema.get("type") != TEXT)

    @cached_property
    def data(self) -> object:
        """The object or list that the answer is; None for a text."""
        value = self.parsed[0]
        return value if isinstance(value, dict | list) else None

    @cached_property
    def prose(self) -> str:
        """The words of the answer: those of its values where it is JSON, a line each."""
        return self.answer if self.data is None else "\n".join(texts(self.data))

    @cached_property
    def last(self) -> tuple[str, ...]:
        return graph.ends(self.ensemble)

    @cached_property
    def schemas(self) -> dict[str, Mapping[str, object]]:
        """The form that each agent was told to write in, by agent."""
        forms = {
            str(one.get("name")): one.get("response_format") for one in agents_of(self.ensemble)
        }
        return {name: form for name, form in forms.items() if isinstance(form, Mapping)}

    @cached_property
    def instructions(self) -> str:
        """What the agents were told, without the worked examples."""
        prompts = (str(agent.get("system_prompt") or "") for agent in agents_of(self.ensemble))
        return "\n".join(prompt.partition(_EXAMPLES)[0] for prompt in prompts)


def parse(text: str) -> tuple[object, str]:
    """Read JSON; gives the value, and why there is none."""
    try:
        return json.loads(text), ""
    except (ValueError, RecursionError) as error:
        return None, str(error).lower()


def texts(value: object) -> Iterator[str]:
    """Give every text and number inside a JSON value, keys left out."""
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)
    elif value is not None and not isinstance(value, bool):
        yield str(value)
