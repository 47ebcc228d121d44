# Everything that a developer does, one target each. `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= 2

# Prefect keeps its database here and not in the user's home, and calls nobody.
export PREFECT_HOME ?= $(CURDIR)/.prefect
export PREFECT_SERVER_ANALYTICS_ENABLED := false
export DO_NOT_TRACK := 1

.PHONY: help
help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

$(VENV)/.run: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "error: $$($(PYTHON) --version) found, Python 3.11 or newer expected; set PYTHON=/path/to/python3" >&2; exit 1; }
	@echo "Making $(VENV) and installing what constraints.txt pins; this takes two to five minutes, most of it downloads."
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.test: $(VENV)/.run
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[test,dask]'
	@touch $@

$(VENV)/.check: $(VENV)/.test
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[test,check,dask]'
	@touch $@

$(VENV)/.bench: $(VENV)/.test
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[test,bench,dask]'
	@touch $@

.PHONY: run
run: $(VENV)/.run ## Run the flow on the sample (or on skillextract.toml) and print the comparison
	$(BIN)/python flows/skill_demand.py

.PHONY: serve
serve: $(VENV)/.run ## Bring up Prefect's server, a worker and the deployments on this machine (PORT=4200)
	$(BIN)/python flows/serve.py $(if $(PORT),--port $(PORT))

.PHONY: stop
stop: $(VENV)/.run ## End what `make serve` started, and nothing else
	$(BIN)/python flows/serve.py --stop

# The page is tested in a real Chromium. Where it cannot be had, those tests are skipped, and say so.
.PHONY: browser
browser:
	@command -v chromium chromium-browser google-chrome >/dev/null || { \
	  [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && echo "installing Chromium for the tests of the page" \
	    && { apt-get install -y -qq chromium || { apt-get update -qq && apt-get install -y -qq chromium; }; } \
	    >/dev/null 2>&1; \
	} || echo "no Chromium here, and none can be installed (needs root and apt-get): its tests are skipped" >&2

# Each worker begins with a half of its own, so that what many tests of a file share is made once.
.PHONY: test
test: $(VENV)/.test browser ## Run the tests (under 8 minutes)
	$(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal -m 'not slow'

# Prefect's server is tried on PostgreSQL, too. Where it cannot be had, that test is skipped, and says so.
.PHONY: postgresql
postgresql:
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || { \
	  [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && echo "installing PostgreSQL for the test of Prefect's server" \
	    && { apt-get install -y -qq postgresql || { apt-get update -qq && apt-get install -y -qq postgresql; }; } \
	    >/dev/null 2>&1; \
	} || echo "no PostgreSQL here, and none can be installed (needs root and apt-get): its test is skipped" >&2

.PHONY: test-slow
test-slow: $(VENV)/.test postgresql ## Run the longer proofs
	$(BIN)/python -m pytest -q -n $(WORKERS) -m slow

.PHONY: test-versions
test-versions: ## Install from nothing at the lowest and the newest allowed versions, and run a telling part of the tests
	$(MAKE) --no-print-directory --jobs=2 --output-sync=target test-lowest test-newest

.PHONY: test-lowest test-newest
test-lowest test-newest: test-%:
	$(PYTHON) tests/versions.py $*

.PHONY: check
check: lint test ## Everything that a change has to pass: ruff, mypy, the patterns' lint, the tests

.PHONY: lint
lint: $(VENV)/.check ## Ruff, mypy, and the patterns' lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/skillextract patterns check

.PHONY: docs
docs: $(VENV)/.check ## Write the README's tables from the code, and draw its picture from the sample
	$(BIN)/python docs/generate.py --picture

# By way of a source distribution: what is compiled shall not lie in src/, where it would hide what is edited.
COMPILED := build/compiled
$(COMPILED)/.done: $(VENV)/.test $(wildcard src/skillextract/skills/*.py src/skillextract/text/*.py)
	rm -rf $(COMPILED)
	$(BIN)/hatchling build --target sdist --directory $(COMPILED)
	HATCH_BUILD_HOOK_ENABLE_MYPYC=1 $(BIN)/pip install --quiet --disable-pip-version-check --no-deps \
	  --no-build-isolation --target $(COMPILED) $(COMPILED)/*.tar.gz
	@touch $@

.PHONY: compile
compile: $(COMPILED)/.done ## Compile what reads lines (needs a C compiler, takes two minutes); PYTHONPATH=build/compiled uses it

.PHONY: bench
bench: $(VENV)/.bench $(COMPILED)/.done ## Measure speed beside what one would use instead, as it is and compiled
	$(BIN)/python benchmarks/matching.py
	PYTHONPATH=$(COMPILED) $(BIN)/python benchmarks/matching.py

.PHONY: bench-market
bench-market: $(VENV)/.test ## Count a million generated postings: time and memory
	$(BIN)/python benchmarks/aggregation.py

.PHONY: bench-scale
bench-scale: $(VENV)/.test ## Raw payloads to reports with threads, processes, Dask (POSTINGS=100000)
	$(BIN)/python benchmarks/scale.py --postings $(or $(POSTINGS),100000) $(if $(RUNS),--runs $(RUNS)) $(FLAGS)

.PHONY: clean
clean: ## Delete what the targets above made, the lake not included
	rm -rf $(VENV) build .prefect .pytest_cache .hypothesis .mypy_cache .ruff_cache
