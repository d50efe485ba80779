"""The graph of an ensemble's agents as Mermaid and as SVG: stages from left to right."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from conductor.core.execution import Document
from conductor.core.graph import dependencies, runs_on, stages

_WIDTH, _HEIGHT, _ACROSS, _DOWN, _MARGIN = 200, 44, 70, 16, 16  # pixels
_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#1b1f24}.on{font-size:11px;fill:#57606a}"
    "rect{fill:#f6f8fa;stroke:#8c959f;rx:6}path{fill:none;stroke:#8c959f}svg{background:#fff}"
)


def mermaid(ensemble: Document) -> str:
    """Write a flowchart; names are quoted, so that no agent can break out of its box."""
    places = runs_on(ensemble)
    names = {agent: f"a{number}" for number, agent in enumerate(places)}
    lines = ["flowchart LR"]
    for agent, where in places.items():
        label = f"{agent}<br/>{where}" if where else agent
        lines.append(f'  {names[agent]}["{_quoted(label)}"]')
    for agent, needs in dependencies(ensemble).items():
        lines.extend(f"  {names[need]} --> {names[agent]}" for need in needs if need in names)
    return "\n".join(lines)


def svg(ensemble: Document) -> str:
    """Draw a picture that needs nothing from outside and runs no script."""
    layers = [stage.agents for stage in stages(ensemble)[0]]
    tallest = max((len(layer) for layer in layers), default=0)
    spots = {
        agent: (
            _MARGIN + column * (_WIDTH + _ACROSS),
            _MARGIN + (row * 2 + tallest - len(layer)) * (_HEIGHT + _DOWN) // 2,
        )
        for column, layer in enumerate(layers)
        for row, agent in enumerate(layer)
    }
    width = 2 * _MARGIN + len(layers) * (_WIDTH + _ACROSS) - _ACROSS
    height = 2 * _MARGIN + tallest * (_HEIGHT + _DOWN) - _DOWN
    name = escape(str(ensemble.get("name", "")))
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
            f' width="{width}" height="{height}" role="img" aria-label="agents of {name}">',
            f"<style>{_STYLE}</style>",
            *_edges(ensemble, spots),
            *_boxes(ensemble, spots),
            "</svg>",
        ]
    )


def _edges(ensemble: Document, spots: dict[str, tuple[int, int]]) -> Iterator[str]:
    for agent, needs in dependencies(ensemble).items():
        for need in needs:
            if agent in spots and need in spots:
                (x1, y1), (x2, y2) = spots[need], spots[agent]
                start, end = x1 + _WIDTH, y1 + _HEIGHT // 2
                bend, goal = (start + x2) // 2, y2 + _HEIGHT // 2
                yield f'<path d="M{start} {end} C{bend} {end} {bend} {goal} {x2} {goal}"/>'


def _boxes(ensemble: Document, spots: dict[str, tuple[int, int]]) -> Iterator[str]:
    places = runs_on(ensemble)
    for agent, (x, y) in spots.items():
        yield f'<rect x="{x}" y="{y}" width="{_WIDTH}" height="{_HEIGHT}"/>'
        yield f'<text x="{x + 10}" y="{y + 19}">{escape(agent)}</text>'
        yield f'<text class="on" x="{x + 10}" y="{y + 35}">{escape(places[agent])}</text>'


def _quoted(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "#quot;")
