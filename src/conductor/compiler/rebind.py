"""Writing a binding into bindings.toml: one table is replaced, everything else stays as it is."""

from __future__ import annotations

import json
import re
import tomllib

from conductor.core.execution import Binding
from conductor.errors import UsageError

_HEAD = """# Where the logical profiles run on this machine; `conductor models bind` writes here.
format = 1
"""
_NEXT_TABLE = re.compile(r"^[ \t]*\[", re.MULTILINE)
_COMMENTS_ABOVE = re.compile(r"(?:^[ \t]*(?:#[^\n]*)?\n)+\Z", re.MULTILINE)


def rebound(text: str, binding: Binding) -> str:
    """Give the file's text with this binding in it; `text` is valid, or empty for a new file.

    Raises UsageError when the profile is written in a way that cannot be replaced safely.
    """
    table = _table(binding)
    text = text or _HEAD
    header = re.compile(
        rf"^[ \t]*\[[ \t]*profiles[ \t]*\.[ \t]*[\"']?{re.escape(binding.profile)}[\"']?[ \t]*\]"
        r"[ \t]*(?:#[^\n]*)?$",
        re.MULTILINE,
    )
    if found := header.search(text):
        following = _NEXT_TABLE.search(text, found.end())
        end = following.start() if following else len(text)
        if following and (above := _COMMENTS_ABOVE.search(text, found.end(), end)):
            end = above.start()
        rest = text[end:]
        result = (
            text[: found.start()] + table + (rest if not rest or rest[0] == "\n" else f"\n{rest}")
        )
    else:
        result = f"{text.rstrip()}\n\n{table}"
    profiles = tomllib.loads(text).get("profiles", {})
    expected = {**profiles, binding.profile: tomllib.loads(table)["profiles"][binding.profile]}
    if _read(result) != expected:
        raise UsageError(
            f"`{binding.profile}` is written in a form that cannot be replaced",
            at=".conductor/bindings.toml",
            hint=f"write it by hand as a table `[profiles.{binding.profile}]`",
        )
    return result


def _read(text: str) -> object:
    try:
        return tomllib.loads(text).get("profiles")
    except tomllib.TOMLDecodeError:
        return None


def _table(binding: Binding) -> str:
    values = {
        "provider": binding.provider,
        "model": binding.model,
        "base_url": binding.base_url,
        "model_digest": binding.model_digest,
    }
    lines = [
        f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items() if value
    ]
    return "\n".join([f"[profiles.{binding.profile}]", *lines, ""])
