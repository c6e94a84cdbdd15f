# Everything is made in .venv; only Python 3.11 or newer has to be there.

PYTHON ?= python3
BIN := .venv/bin
PIP = $(BIN)/pip install --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help demo run test check bench screenshots sbom audit client clients spark mining clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: .venv/demo ## Play sample cases, then serve them with their worker
	$(BIN)/redress demo

run: .venv/demo ## Serve what is there: API and worker in one process
	$(BIN)/redress serve --with-worker

test: .venv/dev ## Run all tests, on an embedded PostgreSQL or TEST_DATABASE_URL
	$(BIN)/pytest -n 4 --maxschedchunk=2

check: .venv/dev ## What CI runs: lint, types, all tests
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/pytest -n 4 --maxschedchunk=2

bench: .venv/dev ## Measure; NAMES="append verify" measures these, --help lists them
	$(BIN)/python -m tests.benchmarks $(NAMES)

screenshots: .venv/dev ## Take the pictures of the pages anew, from the demo, in docs/pictures
	$(BIN)/python -m tests.pages.screenshots

sbom: .audit/tools ## Write the packages of an installation to sbom.json (CycloneDX)
	@.audit/bin/python -W ignore -m cyclonedx_py requirements requirements.lock \
		--pyproject pyproject.toml --output-reproducible --output-file sbom.json

audit: .audit/tools ## Look for known vulnerabilities in the packages of all locks
	@.audit/bin/python .ci/audit.py requirements*.lock

client: .venv/dev ## Build the wheel of the Python client, redress-client, in dist/
	@rm -rf build/client && mkdir -p build && cp -r interface/client build/client
	@$(BIN)/pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir dist build/client
	@ls dist/redress_client-*

spark: .spark/pyspark ## Install Spark for the tests of reports over a lake; it needs Java

clients: .clients/tools tests/clients/node_modules/.bin/tsc ## Install what makes clients from the API's document, for the tests

mining: .mining/tools ## Install a reader of logs for process mining, for the tests

clean: ## Remove the environment and all caches; data in $REDRESS_HOME stays
	rm -rf .venv .audit .clients .mining .spark tests/clients/node_modules sbom.json build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.x")'
	@echo "Make .venv with $$($(PYTHON) --version): some seconds"
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/demo: requirements-demo.lock pyproject.toml .venv/python
	@echo "Install the $$(grep -c '^[a-z].*==' $<) packages of $<: one to three minutes"
	@$(PIP) --require-hashes -r requirements-demo.lock
	@echo "Install Redress itself: some seconds"
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev: requirements-dev.lock pyproject.toml .venv/python
	@echo "Install the $$(grep -c '^[a-z].*==' $<) packages of $<: one to three minutes"
	@$(PIP) --require-hashes -r requirements-dev.lock
	@echo "Install Redress itself: some seconds"
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@ .venv/demo

# Apart from .venv: what looks at the locks is in none of those it looks at, but its own.
.audit/tools: requirements-audit.lock
	$(PYTHON) -m venv .audit
	.audit/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-audit.lock
	@touch $@

.clients/tools: requirements-clients.lock
	$(PYTHON) -m venv .clients
	.clients/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-clients.lock
	@touch $@

# Under the AGPL: a tool of one test in an environment of its own, and no part of this.
.mining/tools: requirements-mining.lock
	$(PYTHON) -m venv .mining
	.mining/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-mining.lock
	@touch $@

# Half a gigabyte, and needed by one test only.
.spark/pyspark: requirements-spark.lock .venv/python
	$(PIP) --upgrade --no-deps --require-hashes --target .spark -r requirements-spark.lock
	@touch $@

tests/clients/node_modules/.bin/tsc: tests/clients/package-lock.json
	cd tests/clients && npm ci --ignore-scripts --no-audit --no-fund
	@touch $@
