"""`conductor models` against a server that speaks as Ollama does."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from conductor.adapters import machine, models
from conductor.app.project import Project
from conductor.app.run import prepare
from conductor.app.settings import read_settings
from conductor.app.swapping import swaps
from tests.cli.test_doctor import doctor
from tests.conftest import command
from tests.terminal import converse


class Ollama(BaseHTTPRequestHandler):
    """Lists what it has, and fetches what it is asked for."""

    has: dict[str, dict[str, object]] = {}  # noqa: RUF012 - one server, one store
    pulls = ("pulling manifest", "success")

    def do_GET(self) -> None:
        if self.path == "/v1/models":
            self._answer({"data": [{"id": name} for name in self.has]})
        else:
            self._answer({"models": [{"name": name, **more} for name, more in self.has.items()]})

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.end_headers()
        for step in self.pulls:
            line = {"error": "no such model"} if step == "error" else {"status": step}
            self.wfile.write(json.dumps(line | {"total": 10, "completed": 5}).encode() + b"\n")
        if self.pulls[-1] == "success":
            self.has[asked["model"]] = {}

    def _answer(self, document: object) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(document).encode())

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


def details(size: str, gigabytes: float, **more: object) -> dict[str, object]:
    return {
        "size": int(gigabytes * 1e9),
        "digest": f"{size}cafe",
        "details": {"parameter_size": size},
        **more,
    }


@pytest.fixture
def ollama(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """The only server there is, with four models."""
    monkeypatch.setattr(
        Ollama,
        "has",
        {
            "qwen3:0.6b": details("751.63M", 0.5),
            "qwen3:4b": details("4.0B", 2.6),
            "gemma3:12b": details("12.2B", 8.1),
            "big:70b": details("70B", 40),
        },
    )
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(machine, "memory_gigabytes", lambda: 24.0)
    with ThreadingHTTPServer(("127.0.0.1", 0), Ollama) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        url = f"http://127.0.0.1:{running.server_port}/v1"
        monkeypatch.setattr(models, "USUAL", {"Ollama": url})
        monkeypatch.setattr("conductor.app.models.USUAL", {"Ollama": url})
        yield url
        running.shutdown()
        thread.join()


def test_the_list_says_what_is_there_and_where_classes_run(workspace: Path, ollama, snapshot):
    done = command("models", "list", folder=workspace)
    assert done.stdout.replace(ollama, "http://127.0.0.1:11434/v1") == snapshot
    assert done.stderr == "next: conductor models bind\n"


def test_without_models_the_list_says_what_is_worth_fetching(workspace: Path, ollama, snapshot):
    Ollama.has.clear()
    assert command("models", "list", folder=workspace).stderr == snapshot


def test_models_that_do_not_fit_together_let_a_batch_go_in_waves(
    workspace: Path, ollama, monkeypatch: pytest.MonkeyPatch
):
    command("models", "bind", "--yes", folder=workspace)
    with Project(str(workspace)) as project:
        assert swaps(prepare(project, "adr-review")) is None  # in 24 GB
        monkeypatch.setattr(machine, "memory_gigabytes", lambda: 10.0)
        found = swaps(prepare(project, "adr-review"))
        assert found is not None
        assert (round(found.gigabytes, 1), found.memory_gigabytes) == (13.0, 10.0)
        assert swaps(prepare(project, "summarize-document")) is None  # one model


def test_every_class_gets_the_best_that_is_there(workspace: Path, ollama):
    done = command("models", "bind", "--yes", folder=workspace)
    assert done.returncode == 0
    bound = read_settings(str(workspace)).bindings
    assert {name: one.model for name, one in bound.items()} == {
        "conductor-micro": "qwen3:0.6b",
        "conductor-small": "qwen3:4b",
        "conductor-medium": "qwen3:4b",
        "conductor-ceiling": "gemma3:12b",
    }
    assert bound["conductor-small"].model_digest == "sha256:4.0Bcafe"
    again = command("models", "bind", "--yes", folder=workspace)
    assert (again.returncode, again.stdout) == (0, "")


def test_one_class_after_a_look_and_a_yes(workspace: Path, ollama):
    arguments = ["models", "bind", "micro", "qwen3:0.6b", "--server", ollama]
    code, shown = converse(workspace, arguments, [("Write this?", "y")])
    assert code == 0
    assert "+[profiles.conductor-micro]" in shown
    assert "conductor-micro runs on qwen3:0.6b" in shown


def test_without_a_yes_nothing_is_written(workspace: Path, ollama):
    done = command("models", "bind", "micro", "qwen3:0.6b", folder=workspace)
    assert done.returncode == 2
    assert "hint: conductor models bind micro qwen3:0.6b --yes" in done.stderr
    command("models", "bind", "--dry-run", folder=workspace)
    assert not (workspace / ".conductor/bindings.toml").exists()


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        (["small", "gemma3:12b"], "has 12.2 billion", "bind it to `ceiling`"),
        (["ceiling", "big:70b"], "has 70 billion", "the task goes to Claude"),
        (["small", "qwen3:4"], "no server here has `qwen3:4`", "did you mean `qwen3:4b`?"),
        (["tiny", "qwen3:4b"], "there is no class `tiny`", ""),
        (["small"], "which model?", "conductor models bind small MODEL"),
    ],
    ids=["class too small", "over the limit", "unknown model", "unknown class", "no model"],
)
def test_what_cannot_be_bound_says_why(workspace: Path, ollama, arguments, message, hint):
    done = command("models", "bind", *arguments, "--yes", folder=workspace)
    assert done.returncode == 2
    assert message in done.stderr
    assert hint in done.stderr


@pytest.mark.parametrize(
    ("server", "problem"),
    [("http://127.0.0.1:9/v1", "no answer"), ("ollama", "this is no address of a server")],
)
def test_a_server_that_is_named_has_to_answer(workspace: Path, ollama, server, problem):
    done = command("models", "bind", "--server", server, "--yes", folder=workspace)
    assert (done.returncode, done.stdout) == (3, "")
    assert f"{server}: {problem}" in done.stderr
    assert not (workspace / ".conductor/bindings.toml").exists()


def test_doctor_warns_of_a_class_on_a_model_of_another_size(bare: Path, ollama):
    command("models", "bind", "ceiling", "qwen3:4b", "--yes", folder=bare)
    found = doctor(bare)["conductor-ceiling"]
    assert found["state"] == "warning"
    assert found["detail"].endswith("which is smaller than the class")


def test_a_size_that_nobody_says_is_asked_for(workspace: Path, ollama):
    Ollama.has["mystery"] = {}
    refused = command("models", "bind", "small", "mystery", "--yes", folder=workspace)
    assert "conductor models bind small mystery --billion N" in refused.stderr
    told = command(
        "models", "bind", "small", "mystery", "--billion", "3", "--yes", folder=workspace
    )
    assert told.returncode == 0


def test_a_class_goes_back_to_the_embedded_model(workspace: Path, ollama):
    command("models", "bind", "--yes", folder=workspace)
    done = command("models", "bind", "small", "embedded", "--yes", folder=workspace)
    assert done.returncode == 0
    assert read_settings(str(workspace)).bindings["conductor-small"].provider == "embedded"


def test_a_model_is_fetched_after_a_yes_only(workspace: Path, ollama):
    refused = command("models", "pull", "qwen3:1.7b", folder=workspace)
    assert refused.returncode == 2
    assert "qwen3:1.7b" not in Ollama.has
    done = command("models", "pull", "qwen3:1.7b", "--yes", folder=workspace)
    assert (done.returncode, done.stdout) == (0, "fetched qwen3:1.7b\n")
    assert "pulling manifest" in done.stderr


@pytest.mark.parametrize("pulls", [("pulling manifest", "error"), ("pulling manifest",)])
def test_a_download_that_did_not_end_well_is_no_success(
    workspace: Path, ollama, pulls, monkeypatch
):
    monkeypatch.setattr(Ollama, "pulls", pulls)
    done = command("models", "pull", "qwen3:1.7b", "--yes", folder=workspace)
    assert (done.returncode, done.stdout) == (3, "")


def test_the_offer_names_size_and_licence(workspace: Path, ollama):
    done = command("models", "pull", "phi4-mini:3.8b", folder=workspace)
    assert "phi4-mini:3.8b, about 2.5 GB, MIT" in done.stderr


def test_everything_as_data(workspace: Path, ollama):
    answer = json.loads(command("models", "list", "--json", folder=workspace).stdout)
    small = next(one for one in answer["classes"] if one["name"] == "small")
    assert small["candidates"] == ["qwen3:4b"]
    assert "adr-review" in small["ensembles"]
    assert answer["memory_gigabytes"] == 24.0
    assert answer["offers"] == []
    Ollama.has.clear()
    answer = json.loads(command("models", "list", "--json", folder=workspace).stdout)
    offer = next(one for one in answer["offers"] if one["model"] == "qwen3:4b")
    assert (offer["unlocks"], offer["helps"]) == (["summarize-document"], ["adr-review"])
    assert (offer["gigabytes"], offer["memory_gigabytes"], offer["fits"]) == (2.6, 3.2, True)


def test_doctor_says_what_a_model_costs_and_unlocks(bare: Path, ollama, monkeypatch):
    monkeypatch.setattr(Ollama, "has", {"qwen3:0.6b": details("751.63M", 0.5)})
    facts = doctor(bare)
    assert facts["memory"]["detail"] == "24.0 GB"
    assert "qwen3:0.6b" not in facts
    assert facts["qwen3:4b"]["fix"] == "conductor models pull qwen3:4b"
    assert facts["qwen3:4b"]["detail"] == (
        "2.6 GB to fetch, 3.2 GB of memory, Apache-2.0, for `small`:"
        " enough for summarize-document; one of the models for adr-review; or phi4-mini:3.8b"
    )


def test_doctor_says_when_a_model_is_more_than_the_memory(bare: Path, ollama, monkeypatch):
    command("models", "bind", "ceiling", "gemma3:12b", "--yes", folder=bare)
    assert "about 8.7 GB of memory" in doctor(bare)["conductor-ceiling"]["detail"]
    monkeypatch.setattr(machine, "memory_gigabytes", lambda: 8.0)
    found = doctor(bare)["conductor-ceiling"]
    assert (found["state"], found["fix"]) == (
        "missing",
        "conductor models bind ceiling MODEL, with a smaller one",
    )
