# Everything runs from .venv, which each target makes by itself from the hashed lock: with uv where there is one, else pip.
PYTHON ?= python3
# two workers: the whole run stays under ten minutes on two cores
PYTEST_ARGS ?= -n 2 --dist worksteal
LOCK   := requirements.lock.txt
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.made-from-lock
UV     := $(shell uv --version >/dev/null 2>&1 && echo uv)
# what rewrites the lock: any uv, the one of .venv otherwise
LOCKER := $(or $(UV),$(BIN)/uv)

# uv by the machine's own certificates, as pip does: a bank's network has its own
export UV_SYSTEM_CERTS := 1
export UV_NATIVE_TLS := 1

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint docs bench lock clean

help: ## what can be made
	@sed -n 's/^\([a-z]*\):.*## /  make \1  /p' Makefile | expand -t 14

setup: $(STAMP) ## .venv from the lock, with counter itself

demo: $(STAMP) ## a throw-away branch with a running province, straight into the screen
	@$(BIN)/counter demo

test: lint ## every check, then every test
	$(BIN)/python -m pytest $(PYTEST_ARGS)

lint: $(STAMP) ## ruff, mypy --strict, the import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(STAMP) ## the pages that are generated from the rules
	$(BIN)/python -m tests.support.pages

bench: $(STAMP) ## first frame, a key's last byte, the grid with 100 and 100,000 rows, rosters against raw inserts
	$(BIN)/python -m bench.first_frame
	$(BIN)/python -m bench.key_latency
	$(BIN)/python -m bench.grid_latency
	$(BIN)/python -m bench.roster_import
	$(BIN)/python -m bench.roster_submit
	$(BIN)/python -m bench.roster_memory

lock: $(STAMP) ## resolve the lock again (all platforms, hashes, no addresses)
	$(LOCKER) pip compile pyproject.toml --extra gateway --group dev --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-annotate --custom-compile-command "make lock" \
	  --quiet --output-file $(LOCK)

clean: ## remove .venv and what the tools left
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist

$(STAMP): $(LOCK) pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "counter needs Python 3.11 or newer: make PYTHON=python3.12 ...")'
ifeq ($(UV),)
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(LOCK)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
else
	uv venv --quiet --clear --python "$$(command -v $(PYTHON))" $(VENV)
	uv pip install --quiet --python $(BIN)/python --require-hashes -r $(LOCK)
	uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
endif
	@touch $@
