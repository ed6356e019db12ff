# Commands of povreg; docs/architecture.md explains the parts. Only Python >= 3.11 and make are assumed.
PYTHON ?= python3
PY := .venv/bin/python
PORT ?= 8000
DEMO_HOUSEHOLDS ?= 3000
WORKERS ?= 2
export PORT DEMO_HOUSEHOLDS

.PHONY: help run test check bench load format install install-dev

help:
	@echo "make run     start everything on http://127.0.0.1:$(PORT)/ (PORT, DEMO_HOUSEHOLDS can be set)"
	@echo "make test    run all tests on throw-away servers"
	@echo "make check   format (templates, too), lint, types, layers, migrations, deploy checks"
	@echo "make bench   measure, a million households included; results in bench/results/"
	@echo "make load    200, 300 and 500 cadres at work against the running product"

install:
	@$(PYTHON) povreg/shell/install.py

install-dev:
	@$(PYTHON) povreg/shell/install.py --dev

run: install
	@$(PY) -m povreg.shell.run

test: install-dev
	@$(PY) -m pytest -n $(WORKERS) $(ARGS)

check: install-dev
	@$(PY) -m povreg.shell.check

bench: install-dev
	@$(PY) -m bench $(ARGS)

load: install-dev
	@$(PY) -m bench.load $(ARGS)

format: install-dev
	@$(PY) -m ruff format .
	@$(PY) -m ruff check --fix .
	@$(PY) -m povreg.shell.markup
