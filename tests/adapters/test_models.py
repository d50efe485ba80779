from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from conductor.adapters.models import probe


class Answer(BaseHTTPRequestHandler):
    body = b""
    status = 200

    def do_GET(self) -> None:
        self.send_response(self.status)
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")  # must not be asked
    with HTTPServer(("127.0.0.1", 0), Answer) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}/v1"
        running.shutdown()
        thread.join()


def test_a_server_lists_its_models(server, monkeypatch):
    monkeypatch.setattr(Answer, "body", b'{"data": [{"id": "a"}, {"id": "b"}]}')
    assert probe(server).models == ("a", "b")
    assert probe(f"{server}/").problem == ""


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b'{"data": 3}', b'{"data": [{}]}', b"\xff"]
)
def test_an_answer_of_something_else_is_told(server, monkeypatch, body):
    monkeypatch.setattr(Answer, "body", body)
    assert probe(server).problem == "the answer is not a list of models"


def test_a_server_that_says_no_is_told(server, monkeypatch):
    monkeypatch.setattr(Answer, "status", 500)
    assert "no answer" in probe(server).problem


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/v1", "http://[bad/v1", "ftp://x/v1", "x", ""])
def test_what_is_no_server_is_told(url):
    assert probe(url).problem
