# Everything runs from .venv, which each target makes by itself from the hashed lock: with uv where there is one, else pip.
# The lock is the whole closure, so nothing is resolved when it is installed (--no-deps): no later release can matter.
PYTHON ?= python3
# make test T=path, make release VERSION=x.y.z, make simulate SEED=s ROUNDS=n: the environment's do not count
T :=
VERSION :=
FOR := here
SEED := 1
ROUNDS := 100
FRAMES := 10000
# many tests wait for a terminal or a gateway: on two cores four workers leave less of them idle than two or three
PYTEST_ARGS ?= -n 4 --dist worksteal
# the inner loop: nothing that kills processes, reads monstrous files, starts a database or draws a screen
QUICK ?= tests/rules tests/reference tests/sheets tests/roster tests/paper tests/devices tests/widgets/grid tests/store \
  tests/test_catalogs.py tests/test_i18n.py tests/test_words.py tests/test_rooms.py -k "not (killed or at_once or refusals or any_sequence)"
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
.PHONY: help setup demo test quick cover lint fix docs pictures simulate intercepted mutate bench bench-quick lock platforms audit wheel bundle bundle-try release clean

help: ## what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' Makefile

setup: $(STAMP) ## .venv from the lock, with counter itself

demo: $(STAMP) ## a throw-away branch with a running province, straight into the screen
	@$(BIN)/counter demo

test: $(if $(T),$(STAMP),lint) ## every check, then every test; T=path: that path alone, unchecked
	$(BIN)/python -m pytest $(or $(T),$(PYTEST_ARGS))

quick: $(STAMP) ## ruff, then the tests that take seconds
	$(BIN)/ruff check .
	$(BIN)/python -m pytest $(PYTEST_ARGS) $(QUICK)

cover: $(STAMP) ## every test, with what they reach of counter; less than the gate in pyproject.toml fails
	COVERAGE_CORE=$$($(BIN)/python -c "import sys; print('sysmon' if sys.version_info >= (3, 12) else 'ctrace')") \
	  $(BIN)/python -m pytest $(PYTEST_ARGS) --cov --cov-report=term:skip-covered

lint: $(STAMP) ## ruff, mypy --strict, the import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: $(STAMP) ## what ruff can mend and format by itself
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(STAMP) ## the pages that are generated from the rules and the wire, the clerk's card
	$(BIN)/python -m tests.support.pages
	$(BIN)/python -m tests.support.card

pictures: $(STAMP) ## those of README and guides, from scripted runs; look at them
	COUNTER_RENEW_SVG=1 $(BIN)/python -m pytest -q tests/screens/test_shown.py

simulate: $(STAMP) ## SEED=s ROUNDS=n: a counter, a real province and a network that fail as the seed says; then power losses, spoilt inputs
	$(BIN)/python -m tests.simulation --seed $(SEED) --rounds $(ROUNDS)
	$(BIN)/python -m tests.simulation.loss --seed $(SEED) --cuts $(ROUNDS)
	$(BIN)/python -m tests.simulation.fuzz --seed $(SEED) --inputs $(ROUNDS)000

intercepted: $(STAMP) ## SEED=s ROUNDS=n: a man in the middle with everything but keys, n exchanges; then a whole day sent again
	$(BIN)/python -m tests.simulation.intercepted --seed $(SEED) --exchanges $(ROUNDS)

mutate: $(STAMP) ## SEED=s FRAMES=n: an ID card, then a social security card, spoilt on the line; none may become another person
	$(BIN)/python -m tests.devices.spoiling --seed $(SEED) --frames $(FRAMES)
	$(BIN)/python -m tests.devices.spoilt_cards --seed $(SEED) --cards $(FRAMES)

bench: $(STAMP) ## keys for a service, first frame, a key's last byte, a commit, the grid, rosters, each beside its limit; into docs/performance.md
	$(BIN)/python -m bench --to docs/performance.md

bench-quick: $(STAMP) ## those of them that need seconds
	$(BIN)/python -m bench --quick

lock: $(STAMP) ## resolve the lock again (all platforms, hashes, no addresses)
	$(LOCKER) pip compile pyproject.toml --constraints constraints.txt --extra gateway --group dev --universal --python-version 3.11 \
	  --generate-hashes --no-strip-extras --no-emit-index-url --no-annotate --custom-compile-command "make lock" \
	  --quiet --output-file $(LOCK)

platforms: $(STAMP) ## asks the package index: has every pin a wheel on every platform?
	$(BIN)/python -m tools.platforms

audit: $(STAMP) ## asks the advisory database: has any pin a known weakness? pip-audit comes for this run only
	$(LOCKER) tool run pip-audit --requirement $(LOCK) --no-deps --disable-pip

wheel: $(STAMP) ## wheel and source archive in dist/
	$(BIN)/python -m build --no-isolation --outdir dist .

bundle: $(STAMP) ## FOR="here win_amd64": all that a branch needs to install without a network, checksums and scripts, in dist/bundle/
	$(BIN)/python -m tools.bundle $(FOR)

bundle-try: bundle ## the bundle of this platform installed where there is no network: sign-in, a case, its slip, sync
	$(BIN)/python -m tests.support.bundle_trial "$$(ls -d dist/bundle/*/ | grep -i "$$(uname -s)-$$(uname -m)" | tail -1)"

release: $(STAMP) ## VERSION=x.y.z: changelog, version, both archives tried in an empty environment, commit, tag
	$(BIN)/python -m tools.release $(VERSION)

clean: ## remove .venv and what the tools left
	rm -rf $(VENV) .venv-bench .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist

$(STAMP): $(LOCK) pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "counter needs Python 3.11 or newer: make PYTHON=python3.12 ...")'
ifeq ($(UV),)
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $(LOCK)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
else
	uv venv --quiet --clear --python "$$(command -v $(PYTHON))" $(VENV)
	uv pip install --quiet --python $(BIN)/python --no-deps --require-hashes -r $(LOCK)
	uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
endif
	@touch $@
