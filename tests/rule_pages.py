"""The page of each lint rule, written from its module."""

from __future__ import annotations

from conductor.core.tier import Tier
from conductor.lint.catalogue import RULES
from conductor.lint.rule import FAMILIES, Fix, Rule, level

_FIXED = {
    Fix.SAFE: "by `--fix`, without asking",
    Fix.ASK: "by `--fix` after a yes, where an edit is known",
    Fix.NO: "by hand",
}


def pages() -> dict[str, str]:
    """Give the text of every page by its path in the repository."""
    written = {f"docs/rules/{name}.md": _page(rule) for name, rule in RULES.items()}
    return {**written, "docs/rules/README.md": _index()}


def _page(rule: Rule) -> str:
    (bad, line), good = rule.bad[0], rule.good[0]
    language = "python" if "scripts/" in bad.partition("\n")[0] else "yaml"
    levels = " | ".join(str(level(rule.levels, tier) or "off") for tier in Tier)
    return f"""# {rule.code} {rule.name}

{rule.summary}

| local | global | library | fixed | waived |
|---|---|---|---|---|
| {levels} | {_FIXED[rule.fix]} | {"with a reason" if rule.waivable else "never"} |

## Avoid

{rule.avoid}

```{language}
{bad.rstrip()}
```

It is found on line {line}.

## Prefer

{rule.prefer}

```{language}
{good.rstrip()}
```

## Why

{rule.why}

Family {rule.code[0]}: {rule.family}.
"""


def _index() -> str:
    rows = [
        f"| {rule.code} | [{name}]({name}.md) | {rule.summary} |"
        f" {' | '.join(str(level(rule.levels, tier) or 'off') for tier in Tier)} |"
        for name, rule in RULES.items()
    ]
    families = [f"- **{letter}**: {reason}" for letter, reason in FAMILIES.items()]
    lines = [
        "# Lint rules",
        "",
        "Written by `make docs` from the rules; [lint](../lint.md) says how to use them.",
        "",
        *families,
        "",
        "| code | name | | local | global | library |",
        "|---|---|---|---|---|---|",
        *rows,
    ]
    return "\n".join(lines) + "\n"
