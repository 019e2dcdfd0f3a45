# SPDX-License-Identifier: GPL-3.0-or-later
# Everything is set up in .venv. Without that folder the checkout is a fresh clone.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
# More arguments for pytest: make unit ARGS='-k phone -x'
ARGS ?=

BIN := .venv/bin
# A file in one worker makes what its tests share only once. Nothing is reordered: the long ones come first.
BY_FILE := --dist loadfile --no-loadscope-reorder
TREE := .venv/collections/ansible_collections/onfon/sms
REQUIREMENTS := requirements.txt test-requirements.txt tests/requirements.txt roles/sandbox/files/requirements.txt

export PATH := $(CURDIR)/$(BIN):$(PATH)
export PYTHONPATH := $(CURDIR)/.venv/collections
export ANSIBLE_COLLECTIONS_PATH := $(CURDIR)/.venv/collections
# Independent of the settings and folders of the user.
export ANSIBLE_CONFIG := $(CURDIR)/.venv/ansible/ansible.cfg
export ANSIBLE_HOME := $(CURDIR)/.venv/ansible
export ANSIBLE_REMOTE_TMP := $(CURDIR)/.venv/ansible/tmp
export PYTEST_DEBUG_TEMPROOT := $(CURDIR)/.venv/tmp
# Without bytecode every start of Ansible compiles the plugins again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help
help: ## Show this help
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

# --- Main targets -----------------------------------------------------------------------------------------------------

.PHONY: demo quick test test-all
demo: build ## Run a tour of the collection on the sandbox, in a minute
	@$(BIN)/python demo/tour.py

quick: build ## Run ruff, mypy and the unit tests of the changed files, in half a minute (BASE=main)
	@$(BIN)/python tools/quick.py $(BASE)

# Side by side; each shows its output when it is done. The tests are first, as they take longest.
CHECKS := tests sanity ansible-lint docs-lint mypy ruff changelog-lint

test: build ## Run all checks, in five minutes on two cores
	@echo "Running style, types, documentation, ansible-lint, ansible-test sanity and tests side by side"
	@$(MAKE) --jobs=3 --output-sync=target COVERAGE=$(COVERAGE) $(CHECKS)
	@echo; echo "All checks passed: style, types, documentation, ansible-lint, ansible-test sanity and tests."
	@$(BIN)/python tools/tally.py .venv/logs

# A variable of a target also applies to its prerequisites.
test-all: COVERAGE = yes
test-all: export HYPOTHESIS_PROFILE = full
test-all: test sanity-all matrix ## Run all checks with coverage, on every Python, and on the oldest and the newest ansible-core
	@echo; $(BIN)/python tools/tally.py .venv/logs

# --- The parts of test ------------------------------------------------------------------------------------------------

.PHONY: lint format ruff mypy ansible-lint docs-lint changelog-lint
lint: ruff mypy ansible-lint docs-lint changelog-lint ## Check style, types, playbooks, roles, documentation and changelog

ruff: .venv/ready
	@echo "== ruff"
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet . || { echo "To fix formatting: make format"; exit 1; }

format: .venv/ready ## Format the Python files
	@$(BIN)/ruff check --quiet --fix . || true
	@$(BIN)/ruff format .

# The plugins are checked where their imports resolve, and named as in the checkout.
mypy: build
	@echo "== mypy"
	@MYPYPATH=.venv/collections $(BIN)/mypy $(TREE)/plugins | sed 's#^$(TREE)/##'
	@for folder in tools roles/sandbox/files; do MYPYPATH=$$folder:.venv/collections $(BIN)/mypy $$folder; done
	@$(BIN)/mypy benchmarks

ansible-lint: build
	@echo "== ansible-lint"
	@$(BIN)/ansible-lint --profile production --offline --nocolor

docs-lint: build
	@echo "== antsibull-docs"
	@$(BIN)/antsibull-docs lint-collection-docs --plugin-docs --validate-collection-refs all --check-extra-docs-refs $(TREE)

changelog-lint: .venv/ready
	@echo "== antsibull-changelog"
	@$(BIN)/antsibull-changelog lint

.PHONY: sanity unit integration tests coverage
sanity: build ## Run ansible-test sanity on the plugins, without what lint checks too
	@echo "== ansible-test sanity"
	@$(BIN)/python tools/sanity.py $(TREE) --quick meta/ plugins/

unit: build ## Run the unit tests (ARGS='-k name' selects some)
	@$(BIN)/python -m pytest -n 2 $(BY_FILE) tests/unit $(ARGS)

integration: build ## Run the tests that start ansible-playbook (ARGS='-k name' selects some)
	@$(BIN)/python -m pytest -n 2 $(BY_FILE) tests/scenario tests/integration $(ARGS)

tests: build ## Run all tests except the slow ones
	@echo "== pytest"
	@rm -rf .venv/coverage .venv/logs && mkdir -p .venv/logs
	@$(BIN)/$(if $(COVERAGE),coverage run,python) -m pytest -n 3 $(BY_FILE) -m "not slow" $(ARGS) | tee .venv/logs/pytest.log
	@$(if $(COVERAGE),$(BIN)/coverage combine --quiet && $(BIN)/coverage report)

# Ansible kills a worker that is still busy after the last task, for example writing its coverage: let it wait.
coverage test-all: export ANSIBLE_WORKER_SHUTDOWN_POLL_COUNT = 500
coverage test-all: export ANSIBLE_WORKER_SHUTDOWN_POLL_DELAY = 0.02
coverage: COVERAGE = yes
coverage: tests ## Run the tests, show the coverage of plugins/, and fail below 95 %

# --- Slow checks ------------------------------------------------------------------------------------------------------

.PHONY: sanity-all matrix
sanity-all: build ## Run ansible-test sanity on all files, with every supported Python of this machine
	@echo "== ansible-test sanity, every Python"
	@$(BIN)/python tools/sanity.py $(TREE) --all-pythons

matrix: build ## Run all plugin tests and sanity on the oldest and newest ansible-core, and unit tests on Python 3.9
	@$(BIN)/python tools/matrix.py $(TREE)

.PHONY: bench
bench: build ## Run the benchmarks, on the sandbox or the gateway of ONFON_API_URL (half an hour)
	@$(BIN)/python -m benchmarks.bench $(ARGS)

# --- Releases ---------------------------------------------------------------------------------------------------------

.PHONY: version changelog errors-page artifact
version: .venv/ready ## Copy the version of galaxy.yml to the files that repeat it
	@$(BIN)/python tools/version.py

changelog: .venv/ready ## Update CHANGELOG.md from fragments and plugins (ARGS="--date 2026-11-22")
	@$(BIN)/antsibull-changelog release --update-existing --reload-plugins --refresh-plugins allow-removal $(ARGS)

errors-page: build ## Generate the documentation page about errors from the table of error codes
	@$(BIN)/python tools/errors_page.py docs/docsite/rst/errors.rst

artifact: .venv/ready ## Build the collection archive for Galaxy
	@$(BIN)/ansible-galaxy collection build --force

# --- Set-up -----------------------------------------------------------------------------------------------------------

.PHONY: setup build clean
setup: .venv/ready ## Create .venv (other targets do so when the requirements change)

build: .venv/ready
	@$(BIN)/python tools/stage.py .venv/collections

clean: ## Remove .venv and all other generated files
	@rm -rf .venv .ansible .mypy_cache .pytest_cache .ruff_cache .hypothesis onfon-sms-*.tar.gz changelogs/.plugin-cache.yaml

# A virtual environment contains its own path: one that was moved or copied is created again.
ifneq ($(shell cat .venv/ready 2>/dev/null),$(CURDIR))
.PHONY: .venv/ready
endif
.venv/ready: $(REQUIREMENTS)
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("$(PYTHON) is Python %d.%d, \
	and 3.11 or newer is required: set another one with make PYTHON=python3.12" % sys.version_info[:2])'
	@echo "Setting up .venv with $$($(PYTHON) -V), once, in about a minute"
	@if [ -s .venv/ready ] && [ "$$(cat .venv/ready)" != "$$PWD" ]; then rm -rf .venv; fi
	@[ -x $(BIN)/python ] || $(PYTHON) -m venv .venv
	@mkdir -p .venv/ansible .venv/tmp && : > .venv/ansible/ansible.cfg
	@$(BIN)/python -m pip install --quiet -r test-requirements.txt > .venv/setup.log 2>&1 || { cat .venv/setup.log; exit 1; }
	@printf %s "$$PWD" > $@
