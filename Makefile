# One command each; `make help` lists them. ARGS is passed on: make report ARGS="events/stamp-duty.yaml"
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
UV     := uv==0.13.9
ARGS   ?=
# draws the same pictures as 1.9 in half the time; the release itself is resolved once it is out
AHEAD  := vl-convert-python>=2.0.0rc7
CODE   := src tests benchmarks data docs
CORE   := $(VENV)/.installed-core
DEV    := $(VENV)/.installed-dev
# many small products: threads would wait for each other longer than they compute
export OMP_NUM_THREADS := 1

.DEFAULT_GOAL := help
.PHONY: help report replicate setup test test-slow check docs lock generated bench compare goals growth clean

help: ## list the commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

report: $(CORE) ## run every study in events/ against the embedded data, write reports/
	@$(BIN)/eventstudy run $(or $(ARGS),events) --out reports

replicate: $(DEV) ## recompute published results and print how close they come
	@$(BIN)/eventstudy replicate $(ARGS)

setup: $(DEV) ## make .venv with everything needed to develop and test

test: $(DEV) ## the default test suite
	$(BIN)/python -m pytest -n 2 --dist loadfile $(ARGS)

test-slow: $(DEV) ## what the default suite leaves out: full sizes, long fuzzing, whole pages, Python 3.13
	.ci/validators
	$(BIN)/python -m pytest -n 2 -m slow --timeout=3600 $(ARGS)
	.ci/python-3.13

check: $(DEV) ## format, lint, types, import contract, generated files, documentation
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/ruff check $(CODE)
	$(BIN)/mypy
	$(BIN)/mypy tests/typing
	$(BIN)/lint-imports
	$(BIN)/python data/build_snapshot.py --check
	$(BIN)/python docs/build_reference.py --check
	$(BIN)/python docs/build_catalogue.py --check
	$(BIN)/python docs/build_notebook.py --check
	$(BIN)/python docs/build_site.py

docs: $(DEV) ## build the documentation as pages in build/docs; links and headings are checked
	@$(BIN)/python docs/build_site.py

generated: $(DEV) ## rebuild the files that are made from code: snapshot, schema, reference lists, sample report, ledger of replications
	$(BIN)/python data/build_snapshot.py
	$(BIN)/python docs/build_reference.py
	$(BIN)/python docs/build_catalogue.py
	$(BIN)/python docs/build_notebook.py
	$(BIN)/python docs/build_sample.py
	$(BIN)/python docs/build_replications.py

bench: $(DEV) ## CPU time of the main commands, of the engine and of every test and procedure, as tables
	$(BIN)/python -m pytest -o addopts= --import-mode=importlib --benchmark-timer=time.process_time benchmarks/test_kernels.py $(ARGS)
	$(BIN)/python benchmarks/commands.py
	$(BIN)/python -m benchmarks.engine
	$(BIN)/python -m benchmarks.inference
	$(BIN)/python -m benchmarks.data

compare: $(DEV) ## the engine beside plain numpy and public packages, in environments of their own; writes the table into the docs
	$(BIN)/python -m benchmarks.compare --write $(ARGS)

goals: $(DEV) ## hold CPU time and memory against the goals; writes the table into the docs
	$(BIN)/python -m benchmarks.goals --write $(ARGS)

growth: $(DEV) ## how time and memory grow with events, securities, draws and workers; writes the tables into the docs
	$(BIN)/python -m benchmarks.growth --write $(ARGS)

lock: $(BIN)/uv ## resolve the dependencies anew
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --upgrade-package '$(AHEAD)' pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --all-extras -c requirements.lock pyproject.toml -o requirements-extras.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --group dev -c requirements.lock -c requirements-extras.lock pyproject.toml -o requirements-dev.lock

clean: ## remove the environment and everything that was built
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

$(BIN)/uv:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check '$(UV)'

$(CORE): requirements.lock pyproject.toml | $(BIN)/uv
	$(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode --require-hashes -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode --no-deps -e .
	$(BIN)/python -m compileall -q src
	@touch $@

$(DEV): requirements-dev.lock $(CORE)
	$(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode --require-hashes -r requirements-dev.lock
	@touch $@
