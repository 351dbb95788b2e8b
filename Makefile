# make: build this repository's reading lists · make test: pass the tests · make check: lint and types
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: site test check bench docs clean

site: $(VENV)/.run
	@$(BIN)/citeman build
	@echo "Open $(CURDIR)/site/index.html in a browser."

test: $(VENV)/.test
	$(BIN)/python -m pytest -n auto

check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: $(VENV)/.test
	$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV) site .citeman

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit("citeman needs Python 3.11 or newer" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: pyproject.toml | $(BIN)/python
	$(BIN)/pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.test: pyproject.toml | $(BIN)/python
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[test,lsp,csl]'
	@touch $@ $(VENV)/.run

$(VENV)/.dev: pyproject.toml | $(BIN)/python
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[test,lsp,csl,embedding,dev]'
	@touch $@ $(VENV)/.test $(VENV)/.run

docs: $(VENV)/.test
	$(BIN)/python -m tests.reference
	$(BIN)/python -m tests.rules_page
