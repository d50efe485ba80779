"""The process that serves the model: one line in says what, one line out says where.

It lives as long as its standard input is open, so that it never outlives its parent.
"""

from __future__ import annotations

import json
import os
import sys

_SLOTS = 2  # requests answered at once: more take as long together, and more memory
_SLOT_TOKENS = 4096  # context of each
_IDLE_SECONDS = 300  # then the weights leave memory until the next request


def main() -> None:
    """Serve until standard input ends."""
    wish = json.loads(sys.stdin.readline())
    # The library writes to standard output on its own: keep our one line apart from that.
    answers = os.dup(1)
    os.dup2(2, 1)
    server = _server(wish)
    line = json.dumps({"address": f"{server.listening_address}{wish['prefix']}"})
    os.write(answers, f"{line}\n".encode())
    os.close(answers)
    sys.stdin.read()
    os._exit(0)  # the library's threads would wait for open connections


def _server(wish: dict[str, str]):  # type: ignore[no-untyped-def]  # the library has no types
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = wish["path"]
    params.model_alias = {wish["name"]}
    params.port = 0  # whatever is free
    params.api_prefix = wish["prefix"]
    params.cors_origins = ""  # no web page may ask
    params.cors_credentials = False
    params.ui = False
    params.endpoint_slots = False
    params.n_parallel = _SLOTS
    params.n_ctx = _SLOTS * _SLOT_TOKENS
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = os.cpu_count() or 1
    params.sleep_idle_seconds = _IDLE_SECONDS
    return xllamacpp.Server(params)


if __name__ == "__main__":
    main()
