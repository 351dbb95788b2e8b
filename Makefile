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

# pip comes last into a new environment; one that was left half made may not get it without starting anew
$(BIN)/pip:
	@command -v $(PYTHON) >/dev/null || { echo "citeman needs Python 3.11 or newer, and there is no $(PYTHON) here; see https://www.python.org/downloads/" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit("citeman needs Python 3.11 or newer, and $(PYTHON) is %d.%d; try: make PYTHON=python3.11" % sys.version_info[:2] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV) && test -x $@ || $(PYTHON) -m venv --clear $(VENV)

$(VENV)/.run: pyproject.toml | $(BIN)/pip
	$(BIN)/pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.test: pyproject.toml | $(BIN)/pip
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[test,lsp,csl]'
	@touch $@ $(VENV)/.run

$(VENV)/.dev: pyproject.toml | $(BIN)/pip
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[test,lsp,csl,embedding,dev]'
	@touch $@ $(VENV)/.test $(VENV)/.run

docs: $(VENV)/.test
	$(BIN)/python -m tests.reference
	$(BIN)/python -m tests.rules_page
