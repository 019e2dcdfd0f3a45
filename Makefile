# SPDX-License-Identifier: GPL-3.0-or-later
# Everything happens in .venv: delete that folder, and the checkout is as fresh as a clone.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
# Further arguments for pytest: make unit ARGS='-k phone -x'
ARGS ?=

BIN := .venv/bin
TREE := .venv/collections/ansible_collections/onfon/sms
REQUIREMENTS := requirements.txt test-requirements.txt tests/requirements.txt roles/sandbox/files/requirements.txt

export PATH := $(CURDIR)/$(BIN):$(PATH)
export PYTHONPATH := $(CURDIR)/.venv/collections
export ANSIBLE_COLLECTIONS_PATH := $(CURDIR)/.venv/collections
# Neither the settings nor the folders of the person who runs this.
export ANSIBLE_CONFIG := $(CURDIR)/.venv/ansible/ansible.cfg
export ANSIBLE_HOME := $(CURDIR)/.venv/ansible
export ANSIBLE_REMOTE_TMP := $(CURDIR)/.venv/ansible/tmp
export PYTEST_DEBUG_TEMPROOT := $(CURDIR)/.venv/tmp
# Without bytecode every start of Ansible compiles the plugins again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

# --- What people come for ---------------------------------------------------------------------------------------------

.PHONY: demo quick test test-all
demo: build ## Show the collection at work on a sandbox gateway, in a minute
	@$(BIN)/python demo/tour.py

quick: build ## Run ruff, mypy and the unit tests of what has changed, in half a minute (BASE=main)
	@$(BIN)/python tools/quick.py $(BASE)

# Side by side, the tests first, as they take longest; each shows its output when it is done.
test: build ## Run all checks, in five minutes on two cores
	@echo "Running style, types, documentation, ansible-lint, ansible-test sanity and tests side by side"
	@$(MAKE) --jobs=3 --output-sync=target $(CHECKS) COVERAGE=$(COVERAGE)
	@echo; echo "All checks passed: style, types, documentation, ansible-lint, ansible-test sanity and tests."
	@$(BIN)/python tools/tally.py .venv/logs

CHECKS := tests sanity ansible-lint docs-lint mypy ruff changelog-lint

# A variable of a target is one of all that it needs.
test-all: COVERAGE = yes
test-all: export HYPOTHESIS_PROFILE = full
test-all: test sanity-all matrix ## Run the same with coverage and more examples, on every Python, the oldest and the newest ansible-core
	@echo; $(BIN)/python tools/tally.py .venv/logs

# --- The parts of test ------------------------------------------------------------------------------------------------

.PHONY: lint format ruff mypy ansible-lint docs-lint changelog-lint
lint: ruff mypy ansible-lint docs-lint changelog-lint ## Check style, types, playbooks, roles, documentation, changelog

ruff: .venv/ready
	@echo "== ruff"
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet . || { echo "To fix formatting: make format"; exit 1; }

format: .venv/ready ## Rewrite the Python files in the project's format
	@$(BIN)/ruff check --quiet --fix . || true
	@$(BIN)/ruff format .

# The plugins are checked where their names resolve, and named as in the checkout.
mypy: build
	@echo "== mypy"
	@MYPYPATH=.venv/collections $(BIN)/mypy $(TREE)/plugins | sed 's#^$(TREE)/##'
	@for folder in tools roles/sandbox/files; do MYPYPATH=$$folder $(BIN)/mypy $$folder; done
	@$(BIN)/mypy benchmarks

ansible-lint: build
	@echo "== ansible-lint"
	@$(BIN)/ansible-lint --profile production --offline --nocolor

docs-lint: build
	@echo "== antsibull-docs"
	@$(BIN)/antsibull-docs lint-collection-docs --plugin-docs --validate-collection-refs all $(TREE)

changelog-lint: .venv/ready
	@echo "== antsibull-changelog"
	@$(BIN)/antsibull-changelog lint

.PHONY: sanity unit integration tests coverage
sanity: build ## Run ansible-test sanity for the plugins, on the Python of .venv, without what lint checks too
	@echo "== ansible-test sanity"
	@$(BIN)/python tools/sanity.py $(TREE) --quick meta/ plugins/

unit: build ## Run the unit tests (ARGS='-k name' for some of them)
	@$(BIN)/python -m pytest -n 2 --dist loadgroup tests/unit $(ARGS)

integration: build ## Run the tests that start ansible-playbook (ARGS='-k name' for some of them)
	@$(BIN)/python -m pytest -n 2 --dist loadgroup tests/integration tests/scenario $(ARGS)

tests: build ## Run all tests but the slow ones
	@echo "== pytest"
	@rm -rf .venv/coverage .venv/logs && mkdir -p .venv/logs
	@$(BIN)/$(if $(COVERAGE),coverage run,python) -m pytest -n 3 --dist loadgroup -m "not slow" $(ARGS) | tee .venv/logs/pytest.log
	@$(if $(COVERAGE),$(BIN)/coverage combine --quiet && $(BIN)/coverage report)

# Ansible kills a worker that is still busy when the last task is done, busy writing its coverage for instance: let it wait.
coverage test-all: export ANSIBLE_WORKER_SHUTDOWN_POLL_COUNT = 500
coverage test-all: export ANSIBLE_WORKER_SHUTDOWN_POLL_DELAY = 0.02
coverage: COVERAGE = yes
coverage: tests ## Run them, show what of plugins/ they leave out, and fail below 95 %

# --- What is slow -----------------------------------------------------------------------------------------------------

.PHONY: sanity-all matrix
sanity-all: build ## Run ansible-test sanity for all files, on every supported Python of this machine
	@echo "== ansible-test sanity, every Python"
	@$(BIN)/python tools/sanity.py $(TREE) --all-pythons

matrix: build ## Run the tests of the plugins, the slow ones too, and sanity on the oldest and the newest ansible-core
	@$(BIN)/python tools/matrix.py $(TREE)

.PHONY: bench
bench: build ## Measure what is fast, on the sandbox or the gateway of ONFON_API_URL (half an hour)
	@$(BIN)/python -m benchmarks.bench $(ARGS)

# --- Releases ---------------------------------------------------------------------------------------------------------

.PHONY: version changelog artifact
version: .venv/ready ## Write the version of galaxy.yml into the files that repeat it
	@$(BIN)/python tools/version.py

changelog: .venv/ready ## Bring CHANGELOG.md in line with fragments and plugins (ARGS="--date 2026-11-22")
	@$(BIN)/antsibull-changelog release --update-existing --reload-plugins --refresh-plugins allow-removal $(ARGS)

artifact: .venv/ready ## Build the file that Galaxy takes
	@$(BIN)/ansible-galaxy collection build --force

# --- Set-up -----------------------------------------------------------------------------------------------------------

.PHONY: setup build clean
setup: .venv/ready ## Make .venv with all that is needed (every other target does it, when the requirements change)

build: .venv/ready
	@$(BIN)/python tools/stage.py .venv/collections

clean: ## Remove .venv and everything else that was made here
	@rm -rf .venv .ansible .mypy_cache .pytest_cache .ruff_cache .hypothesis onfon-sms-*.tar.gz changelogs/.plugin-cache.yaml

# A virtual environment knows its own address: one that was moved or copied is made anew.
ifneq ($(shell cat .venv/ready 2>/dev/null),$(CURDIR))
.PHONY: .venv/ready
endif
.venv/ready: $(REQUIREMENTS)
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed and \
	$(PYTHON) is %d.%d: name another one with make PYTHON=python3.12" % sys.version_info[:2])'
	@echo "Setting up .venv with $$($(PYTHON) -V): a minute, once"
	@if [ -s .venv/ready ] && [ "$$(cat .venv/ready)" != "$$PWD" ]; then rm -rf .venv; fi
	@[ -x $(BIN)/python ] || $(PYTHON) -m venv .venv
	@mkdir -p .venv/ansible .venv/tmp && : > .venv/ansible/ansible.cfg
	@$(BIN)/python -m pip install --quiet -r test-requirements.txt > .venv/setup.log 2>&1 || { cat .venv/setup.log; exit 1; }
	@printf %s "$$PWD" > $@
