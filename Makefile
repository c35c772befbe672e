# Everything is installed into the checkout: pipenv into .tools, the Python packages into
# .venv, the cdktf command line into node_modules.
PYTHON ?= python3
TERRAFORM := 1.5
PIPENV_VERSION := 2026.10.3
SETTINGS ?= settings.tfvars
# Further arguments of demo, test, sandbox and others: make demo ARGS=--keep
ARGS ?=

BIN := .venv/bin
PIPENV := .tools/bin/pipenv
# pipenv's hash of a Pipfile covers the registries that pip is configured with.
WITHOUT_PIP_CONFIG := env -u PIP_INDEX_URL -u PIP_EXTRA_INDEX_URL PIP_CONFIG_FILE=/dev/null

export PIPENV_VENV_IN_PROJECT := 1
export PIPENV_IGNORE_VIRTUALENVS := 1
export PIPENV_NOSPIN := 1
export PIPENV_PYTHON := $(CURDIR)/.tools/bin/python
export CHECKPOINT_DISABLE := 1
export JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION := 20
export DISABLE_VERSION_CHECK := 1
# The provider's bindings are 2,000 modules: without their bytecode every start takes twice as long.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help prerequisites provider install demo test lint format bench-synth bench-post-apply bench-plan-review bench-drift engine-parity sandbox synth lock clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-17s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

prerequisites: ## Check for Python 3.11+, Node.js 20+ and Terraform 1.5+
	@sh tools/prerequisites.sh "$(PYTHON)" "$(TERRAFORM)"

.tools/.installed: Makefile | prerequisites
	@echo "Installing pipenv $(PIPENV_VERSION) into .tools"
	@"$(PYTHON)" -m venv .tools
	@.tools/bin/python -m pip install --quiet --disable-pip-version-check pipenv==$(PIPENV_VERSION)
	@touch $@

.venv/.installed: .tools/.installed Pipfile Pipfile.lock
	@echo "Installing the locked Python packages into .venv (about a minute)"
	@$(WITHOUT_PIP_CONFIG) $(PIPENV) verify >/dev/null 2>&1 || \
		{ echo "error: Pipfile.lock does not match Pipfile; run: make lock" >&2; exit 1; }
	@$(PIPENV) sync --dev >.tools/sync.log 2>&1 || { cat .tools/sync.log >&2; exit 1; }
	@touch $@

node_modules/.installed: package.json package-lock.json .npmrc | prerequisites
	@echo "Installing the locked cdktf command line into node_modules"
	@npm ci --no-progress --loglevel=error >/dev/null
	@touch $@

# The sandbox lets nothing out of the machine: the provider has to be on it.
provider: .venv/.installed
	@$(BIN)/python -m tools.fetch_provider

install: .venv/.installed node_modules/.installed provider ## Install everything into the checkout

# The demo's last step lets Terraform forget resources, which takes 1.7.
demo: TERRAFORM = 1.7
demo: install ## Deploy, review, drift and destroy the whole system in the sandbox
	@$(BIN)/python -m scripts.demo $(ARGS)

# The tests keep state in S3 with native locking, which takes 1.10.
test: TERRAFORM = 1.10
test: install ## Run every test
	@$(BIN)/python -m pytest -n auto --maxprocesses 6 --dist loadfile --no-loadscope-reorder $(ARGS)

lint: install ## Static checks: ruff, mypy, cfn-lint, import rules
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache --no-logo
	@$(BIN)/python -m tools.lint_templates

format: install ## Format the Python sources and mend what can be mended
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench-synth: install ## Measure synthesis beside an empty app and beside stock bindings
	@$(BIN)/python -m tools.bench_synth $(ARGS)

bench-post-apply: install ## Measure post_apply in an account of 5,000 users
	@$(BIN)/python -m tools.bench_post_apply $(ARGS)

bench-plan-review: install ## Measure plan_review with a plan of 5,000 resources
	@$(BIN)/python -m tools.bench_plan_review $(ARGS)

bench-drift: install ## Measure drift detection of ten stacks, all of them clean
	@$(BIN)/python -m tools.bench_drift $(ARGS)

engine-parity: install ## Compare with what CDK Terrain makes of the same source
	@$(BIN)/python -m tools.engine_parity $(ARGS)

sandbox: install ## Start the embedded AWS in the foreground and print what to export
	@$(BIN)/python -m scripts.sandbox $(ARGS)

synth: install ## Synthesise the stacks of $(SETTINGS) into cdktf.out
	@$(BIN)/python main.py "$(SETTINGS)"

lock: .tools/.installed ## Resolve the dependencies anew; the locks hold no registry address
	@$(PIPENV) lock --dev
	@hash=$$($(WITHOUT_PIP_CONFIG) .tools/bin/python -c \
		"from pipenv.project import Project; print(Project().pipfile.calculate_hash())") && \
		.tools/bin/python tools/strip_lock.py Pipfile.lock "$$hash"
	@# In a folder of its own: beside node_modules, npm may leave out the hashes.
	@rm -rf .tools/npm && mkdir .tools/npm && cp package.json .npmrc .tools/npm
	@cd .tools/npm && npm install --package-lock-only --no-progress --loglevel=error >/dev/null
	@mv .tools/npm/package-lock.json .

clean: ## Remove what was installed and generated; settings and state stay
	@rm -rf .venv .tools .cache node_modules cdktf.out .mypy_cache .ruff_cache .pytest_cache .hypothesis \
		.import_linter_cache
