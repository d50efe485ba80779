"""Names that may not become a file on every machine."""

from __future__ import annotations

_DEVICES = {"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10))}


def device(name: str) -> bool:
    """Tell whether Windows keeps a name, up to its first dot, for a device."""
    return name.partition(".")[0].strip().lower() in _DEVICES
