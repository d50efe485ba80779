"""Puts the compiled default policy into the wheel, so that `route` never has to compile it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompilePolicy(BuildHookInterface):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":  # the repository is a workspace of its own and compiles itself
            return
        root = Path(self.root)
        sys.path.insert(0, str(root / "src"))
        from conductor.app.build import bundle_text

        bundle = root / "build" / "bundle.json"
        bundle.parent.mkdir(exist_ok=True)
        bundle.write_text(bundle_text(root), encoding="utf-8", newline="\n")
        build_data["force_include"][str(bundle)] = "conductor/_data/.conductor/bundle.json"
