"""How often models are loaded in a batch when they do not fit into memory together.

The real engine, and a server of our own that holds one model and serves in the order of arrival:
items that begin in waves against items that begin as soon as another has ended.
"""

from __future__ import annotations

import json
import random
import tempfile
import threading
import time
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from conductor.app import init
from conductor.app.batch import plan_batch, run_batch
from conductor.app.project import Project
from conductor.app.run import prepare
from conductor.core.swapping import Swapping

ITEMS, ENSEMBLE = 8, "adr-review"
MODELS = {"micro": "tiny", "small": "middle", "ceiling": "big"}
LOADING, ANSWERING = 0.15, (0.01, 0.12)  # seconds
SWAPS = Swapping(gigabytes=2, memory_gigabytes=1)


class InTurn:
    """A lock that is given to who asked first."""

    def __init__(self) -> None:
        self._guard, self._waiting, self._taken = threading.Lock(), deque[threading.Event](), False

    def __enter__(self) -> None:
        mine = threading.Event()
        with self._guard:
            if not self._taken:
                self._taken = True
                return
            self._waiting.append(mine)
        mine.wait()

    def __exit__(self, *_: object) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._taken = False


class OneModel(BaseHTTPRequestHandler):
    """An OpenAI-compatible server with room for one model."""

    turn, loaded, loads = InTurn(), "", 0

    def do_GET(self) -> None:
        self._answer({"data": [{"id": name} for name in MODELS.values()]})

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["model"]
        with OneModel.turn:
            if OneModel.loaded != asked:
                OneModel.loaded, OneModel.loads = asked, OneModel.loads + 1
                time.sleep(LOADING)
            time.sleep(random.uniform(*ANSWERING))  # noqa: S311 - not a secret
        told = {"role": "assistant", "content": "It is a planet. It is small."}
        usage = {"prompt_tokens": 100, "completion_tokens": 9, "total_tokens": 109}
        choice = {"index": 0, "finish_reason": "stop", "message": told}
        self._answer({"model": asked, "choices": [choice], "usage": usage})

    def _answer(self, document: object) -> None:
        data = json.dumps(document).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        pass


def workspace(root: str, url: str) -> None:
    init.apply(init.plan(root))
    tables = [
        f'[profiles.conductor-{one}]\nprovider = "openai-compatible"\n'
        f'base_url = "{url}"\nmodel = "{model}"\n'
        for one, model in MODELS.items()
    ]
    Path(root, ".conductor").mkdir(exist_ok=True)
    Path(root, ".conductor/bindings.toml").write_text("format = 1\n\n" + "\n".join(tables))
    lines = [json.dumps({"input": f"Planet {number} is small."}) for number in range(ITEMS)]
    Path(root, "items.jsonl").write_text("\n".join(lines))


def loads(root: str, parallel: int, swapping: Swapping | None) -> int:
    OneModel.loaded, OneModel.loads = "", 0
    random.seed(1)
    results = f"{root}/{parallel}.{bool(swapping)}.jsonl"
    with Project(root) as project:
        prepared = prepare(project, ENSEMBLE)
        batch = plan_batch(prepared, f"{root}/items.jsonl", results, swapping)
        run_batch(project, batch, parallel, lambda _: None)
    return OneModel.loads


def main() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), OneModel)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as root:
        workspace(root, f"http://127.0.0.1:{server.server_port}/v1")
        print(f"{ITEMS} items of {ENSEMBLE}, one after the other: {loads(root, 1, None)} loads")
        for parallel in (2, 4):
            filled, waves = loads(root, parallel, None), loads(root, parallel, SWAPS)
            print(f"{parallel} at a time: in waves {waves} loads, without {filled}")
    server.shutdown()


if __name__ == "__main__":
    main()
