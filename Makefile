# Baton's commands. Nothing but Python 3.11 (or newer) and make is needed: each command makes .venv for
# itself, and installs again only when pyproject.toml has changed.

PYTHON ?= python3
BIN := .venv/bin

# Where it is set, each of the many processes that the tests start would compile the project anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo demo-matrix test lint bench soak

help: ## What can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-18s %s\n", $$1, $$2}'

demo: .venv/.installed ## Practise in a browser, with no account anywhere
	$(BIN)/baton demo

demo-matrix: .venv/.installed-matrix ## The same team in encrypted rooms of a private Matrix server
	$(BIN)/baton demo --matrix

# In the order of the files, so that the longest one is not begun last.
test: .venv/.installed-test ## Run the tests on whatever is there; what was skipped is said at the end
	$(BIN)/pytest --numprocesses=auto --dist=loadfile --no-loadscope-reorder $(ARGS)

lint: .venv/.installed-test ## Style, types, and which room may import which
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/.installed-test ## Measure, and write the table in benchmarks/README.md
	$(BIN)/python -m benchmarks

soak: .venv/.installed-test ## Kill running bots a thousand times and check that nothing was lost
	$(BIN)/python -m benchmarks.soak

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Baton needs Python 3.11 or newer. Name one: make PYTHON=/path/to/python3.11 ..."; exit 1; }
	@$(PYTHON) -c 'import ensurepip' || \
	  { echo "This Python can make no virtual environment. On Debian: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/.installed: pyproject.toml | .venv/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check -e .
	@touch $@

.venv/.installed-matrix: pyproject.toml | .venv/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[homeserver]'
	@touch $@ .venv/.installed

.venv/.installed-test: pyproject.toml | .venv/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[test]'
	@touch $@ .venv/.installed .venv/.installed-matrix
