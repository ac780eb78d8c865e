# make report   the sites and the PDF notes of all editions, from nothing but Python 3.11, make and the package registries;
#               of one: make report EDITION=2021-12
# make test     every check and every test
# Set-up happens once: the stamps in .venv depend on the lock files.
PYTHON ?= $(shell for p in python3 python3.11 python3.12 python3.13 python3.14; do $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
EDITION ?= $$($(BIN)/npl-report editions)

.PHONY: report test check bench lock sample clean help
.DEFAULT_GOAL := help

help:
	@sed -n 's/^# //p' Makefile

report: $(VENV)/.system $(VENV)/.run
	@set -e; editions="$(EDITION)"; \
	for edition in $$editions; do echo "edition $$edition"; $(BIN)/npl-report build --edition $$edition; done; \
	for edition in $$editions; do echo "open build/$$edition/zh/index.html or build/$$edition/en/index.html"; done

test: $(VENV)/.system-test check
	$(BIN)/pytest -n 2

# what a change must pass before the tests: lint, format, types, import contract, fresh generated files
check: $(VENV)/.system $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/npl-report check

bench: $(VENV)/.system $(VENV)/.dev
	$(BIN)/python benchmarks/run.py
	$(BIN)/python benchmarks/structure.py

# the reconstructed sample data, from the published figures
sample: $(VENV)/.dev
	$(BIN)/python -m reconstruction
	$(BIN)/python -m reconstruction --check

# new versions of all libraries; the files name no registry
lock: $(VENV)/.dev
	$(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" --extra build pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" --extra build --extra dev --constraint requirements.lock pyproject.toml -o requirements-dev.lock

clean:
	rm -rf build $(VENV)

$(VENV)/.venv:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11 report"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.run: $(VENV)/.venv requirements.lock pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
	@touch $@

# what WeasyPrint loads from the system; what the tests look at pages and PDFs with
$(VENV)/.system: $(VENV)/.run .ci/system-libraries
	.ci/system-libraries $(BIN)/python run
	@touch $@

$(VENV)/.system-test: $(VENV)/.dev .ci/system-libraries
	.ci/system-libraries $(BIN)/python test
	@touch $@
