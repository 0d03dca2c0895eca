# One-word commands. The environment is `.venv`; its stamps say which lock files it holds, so that
# `setup` costs nothing when nothing changed.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.SUFFIXES:

PYTHON ?= python3
BIN := .venv/bin
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	--no-emit-index-url --no-emit-find-links --annotation-style line
CODE := bot handlers storage tests

# Extra words for pytest, for example: make test ARGS="tests/stories -x"
ARGS ?=

.PHONY: help
help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

.PHONY: setup
setup: .venv/runtime.stamp ## prepare .venv with what the bot needs

.PHONY: setup-dev
setup-dev: .venv/dev.stamp ## the same, and what tests and checks need

.PHONY: run
run: setup ## start the bot
	@exec $(BIN)/tocsin run

.PHONY: test
test: setup-dev browser ## run every test but the soak runs; the gates last and alone
	@$(BIN)/python -m pytest -n auto --dist worksteal -m "not soak and not gate" $(ARGS)
	@$(if $(ARGS),true,$(MAKE) --no-print-directory gates)

.PHONY: gates
gates: setup-dev ## hold the benchmarks' ratios, with the machine to themselves
	@$(BIN)/python -m pytest -m gate tests/test_gates.py

.PHONY: check
check: setup-dev ## lint, format, types, and the direction of imports
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy $(CODE)
	@$(BIN)/lint-imports

.PHONY: format
format: setup-dev ## rewrite the code in the project's format
	@$(BIN)/ruff check --fix-only
	@$(BIN)/ruff format

.PHONY: browser
browser: setup-dev ## find or fetch the Chromium that tests drive
	@.ci/browser

.PHONY: screenshots
screenshots: setup-dev browser ## draw the pictures of the documentation
	@$(BIN)/python -m tests.screenshots $(ARGS)

.PHONY: soak
soak: setup-dev ## long runs under load, with kills
	@$(BIN)/python -m pytest tests -m soak --timeout 3600 -s $(ARGS)

.PHONY: dates
dates: setup-dev ## the tests at eight moments of other years, by faketime (ARGS="spring later": some of them)
	@$(BIN)/python -m tests.dates $(ARGS)

.PHONY: bench
bench: setup-dev ## measure, and print what was measured
	@shopt -s nullglob; for script in bench/[a-z]*.py; do $(BIN)/python "$$script" $(ARGS); done

.PHONY: lock
lock: ## resolve the dependencies of pyproject.toml anew (needs uv; UPGRADE=1 takes newer versions)
	@$(COMPILE) $(if $(UPGRADE),--upgrade) pyproject.toml --group build -o requirements.lock
	@$(COMPILE) $(if $(UPGRADE),--upgrade) pyproject.toml --extra traces -c requirements.lock -o requirements-traces.lock
	@$(COMPILE) $(if $(UPGRADE),--upgrade) --group dev -c requirements.lock -o requirements-dev.lock

.venv/runtime.stamp: requirements.lock pyproject.toml .ci/setup
	@PYTHON="$(PYTHON)" .ci/setup requirements.lock
	@touch $@

.venv/dev.stamp: requirements-dev.lock .venv/runtime.stamp
	@PYTHON="$(PYTHON)" .ci/setup requirements-dev.lock
	@touch $@

.PHONY: docs
docs: setup-dev ## write docs/cli.md, docs/commands.md, docs/messages.md, docs/parity.md, docs/settings.md and .env.example
	@$(BIN)/python -c "from pathlib import Path; from bot.language.reference import reference; \
	from bot.language.table import all_commands; \
	Path('docs/commands.md').write_text(reference(all_commands().commands), encoding='utf-8')"
	@$(BIN)/python -m bot.settings
	@$(BIN)/python -m bot.cli.reference
	@$(BIN)/python -m bot.wiring.events_reference
	@$(BIN)/python -m tests.parity
	@$(BIN)/python -m tests.messages
