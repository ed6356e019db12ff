# Commands of povreg; docs/architecture.md explains the parts. Only Python >= 3.11 and make are assumed.
PYTHON ?= python3
PY := .venv/bin/python
PORT ?= 8000
DEMO_HOUSEHOLDS ?= 3000
WORKERS ?= 2
export PORT DEMO_HOUSEHOLDS

.PHONY: help run test check bench load drill production matrix soak clicks lists bundle sbom supply test-oldest lock format install install-dev
ROUNDS ?= 200
export ROUNDS

help:
	@echo "make run     start everything on http://127.0.0.1:$(PORT)/ (PORT, DEMO_HOUSEHOLDS can be set)"
	@echo "make test    run all tests on throw-away servers"
	@echo "make check   format (templates, too), lint, types, layers, migrations, deploy checks"
	@echo "make bench   measure, a million households included; results in bench/results/"
	@echo "make drill   a backup is restored into a throw-away server and compared"
	@echo "make production  the production path on real servers of the system: PostgreSQL, Redis, PgBouncer, nginx"
	@echo "make matrix  every address as strangers of every role, as it is and with the application's filter removed"
	@echo "make soak    ROUNDS (200) random kills during imports, recomputes, approvals and ledger writes; MINUTES ends it"
	@echo "make clicks  how many clicks a round of a township takes, counted in the browser"
	@echo "make lists   535 lists and 2,040 households reviewed, approved and posted in one act, measured"
	@echo "make bundle  everything that an installation without internet needs, in dist/"
	@echo "make sbom    what the product is made of (CycloneDX) and under which licences, in dist/"
	@echo "make supply  licences compared; with ADVISORIES=PATH (OSV export) published weaknesses looked up"
	@echo "make test-oldest  a part of the tests and the production path on the PostgreSQL in POSTGRES_BIN (oldest supported)"
	@echo "make load    200, 300 and 500 cadres at work against the running product"

install:
	@$(PYTHON) povreg/shell/install.py

install-dev:
	@$(PYTHON) povreg/shell/install.py --dev

run: install
	@$(PY) -m povreg.shell.run

test: install-dev
	@$(PY) -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

check: install-dev
	@$(PY) -m povreg.shell.check

bench: install-dev
	@$(PY) -m bench $(ARGS)

load: install-dev
	@$(PY) -m bench.load $(ARGS)

drill: install-dev
	@$(PY) -m pytest -n 0 -s tests/trials/test_restore.py $(ARGS)

production: install-dev
	@$(PY) -m pytest -n 0 -s tests/trials/test_production.py $(ARGS)

matrix: install-dev
	@$(PY) -m pytest -n 0 -s tests/trials/test_matrix.py $(ARGS)

soak: install-dev
	@$(PY) -m pytest -n 0 -s tests/trials/test_soak.py tests/trials/test_restore.py $(ARGS)

clicks: install-dev
	@$(PY) -m pytest -n 0 -s tests/browser/clicks.py $(ARGS)

lists: install-dev
	@$(PY) -m pytest -n 0 -s tests/trials/test_many_lists.py $(ARGS)

bundle: install
	@sh deploy/bundle.sh

sbom: install
	@$(PY) -m povreg.shell.sbom dist

supply: install
	@$(PY) -m povreg.shell.supply

# What differs between versions: roles and grants, row security, history, seals, bulk statements, backups.
POSTGRES_BIN ?= /usr/lib/postgresql/15/bin
OLDEST := tests/house/test_app_role.py tests/house/test_second_lock.py tests/house/test_wider_questions.py \
  tests/audits/test_reader_role.py tests/proof tests/households/eligibility/test_recompute.py \
  tests/households/eligibility/test_oracle.py tests/households/standing tests/households/sheets/test_import.py
test-oldest: install-dev
	@POSTGRES_BIN=$(POSTGRES_BIN) $(PY) -m pytest -n $(WORKERS) $(OLDEST) $(ARGS)
	@POSTGRES_BIN=$(POSTGRES_BIN) $(PY) -m pytest -n 0 tests/trials/test_production.py $(ARGS)

# After a change of requirements.txt: the same packages with the digests of their files.
lock: install-dev
	@$(PY) -m povreg.shell.lock

format: install-dev
	@$(PY) -m ruff format .
	@$(PY) -m ruff check --fix .
	@$(PY) -m povreg.shell.markup
