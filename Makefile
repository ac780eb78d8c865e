# make report   the sites and the PDF notes of all editions, from nothing but Python 3.11, make and the package registries;
#               of one: make report EDITION=2021-12
# make test     every check, and the tests that are worth their time at every change: minutes
# make test-all every check and every test: also whole editions built again, published, archived and rendered by either engine
# make planted  faults planted one by one, to see that the tests find each: an hour; some of them: make planted FAULTS="--stage mail"
# Set-up happens once: the stamps in .venv depend on the lock files.
PYTHON ?= $(shell for p in python3 python3.11 python3.12 python3.13 python3.14; do $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
EDITION ?= $$($(BIN)/npl-report editions)

.PHONY: report setup test test-all test-quarto planted check fresh bench lock sample clean help
.DEFAULT_GOAL := help

help:
	@sed -n 's/^# //p' Makefile

report: $(VENV)/.system $(VENV)/.run
	@set -e; editions="$(EDITION)"; \
	for edition in $$editions; do echo "edition $$edition"; $(BIN)/npl-report build --edition $$edition $(if $(ENGINE),--engine $(ENGINE)); done; \
	for edition in $$editions; do echo "open build/$$edition/zh/index.html or build/$$edition/en/index.html"; done

# the environment with all that tests and publishing use
setup: $(VENV)/.system $(VENV)/.system-test

test: $(VENV)/.system-test check
	$(BIN)/pytest -n 2 -m "not whole"

test-all: $(VENV)/.system-test check
	$(BIN)/pytest -n 2

# faults planted one by one, and whether the tests find each
planted: $(VENV)/.system-test
	$(BIN)/python tests/planted/plant.py $(FAULTS)

# the engine quarto, with the program that is found
test-quarto: setup
	$(BIN)/npl-report doctor
	$(BIN)/pytest -n 2 tests/engines/quarto

# what a change must pass before the tests: lint (the workflows' too), format, types, import contract, words and prose
check: $(VENV)/.system $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/zizmor --offline --no-progress --quiet --strict-collection .github
	$(BIN)/npl-report check

# what this file promises, on bare machines (Debian, made by debootstrap: as root), and the same from the wheel alone
fresh: $(VENV)/.venv
	$(BIN)/python -B -m tests.fresh $(MACHINE)

# what builds and waterfalls take, and what pages weigh
bench: $(VENV)/.system-test
	$(BIN)/python benchmarks/run.py
	$(BIN)/python benchmarks/structure.py
	$(BIN)/python benchmarks/pages.py
	$(BIN)/python benchmarks/own_tables.py

# the samples: the reconstructed one, from the published figures, and the one in euro
sample: $(VENV)/.dev
	$(BIN)/python -m reconstruction
	$(BIN)/python -m reconstruction --check
	$(BIN)/python -m reconstruction.euro

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
$(VENV)/.system: $(VENV)/.run .ci/system_libraries.py
	$(BIN)/python .ci/system_libraries.py run
	@touch $@

$(VENV)/.system-test: $(VENV)/.dev .ci/system_libraries.py
	$(BIN)/python .ci/system_libraries.py test
	@touch $@
