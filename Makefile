# Every command a person types. `make help` lists them.

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
JOBS ?= 2

BIN := .venv/bin
STAMPS := .venv/.stamps
CATALOGUES := $(wildcard src/luoshi/locale/*/LC_MESSAGES/*.po src/luoshi/apps/*/locale/*/LC_MESSAGES/*.po)

.DEFAULT_GOAL := help
.PHONY: help setup demo test check coverage mutation bench bench-insight browser lock clean

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(STAMPS)/python $(STAMPS)/frontend $(STAMPS)/translations ## Fetch everything Luoshi needs (quick when nothing changed)

demo: setup ## Start an invented city; sign-in names are printed (HOST, PORT)
	HOST="$(HOST)" PORT="$(PORT)" $(BIN)/luoshi demo

test: setup browser ## Run every test, the browser's too (JOBS=2)
	$(BIN)/pytest -n $(JOBS) --dist loadfile

check: setup ## Style, types, layers, migrations, translations, programmes
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -W "ignore:Got an error checking" -m luoshi.config makemigrations --check --dry-run
	$(BIN)/python -m luoshi.config.translations --complete
	$(BIN)/luoshi check programmes/

coverage: setup ## Prove that every branch of the kernel is tested
	$(BIN)/pytest -q -n $(JOBS) --cov --cov-report= tests/kernel tests/formats tests/programmes
	$(BIN)/coverage report --include='src/luoshi/kernel/*' --fail-under=100

mutation: setup ## Make mistakes in the kernel, one by one: do its tests notice? (takes long)
	JOBS=$(JOBS) $(BIN)/python -m tests.mutation

bench: setup ## Measure speed, each figure against a limit of the same run
	$(BIN)/python -m bench

bench-insight: setup ## Measure every goal of the suggestions on real data (half an hour)
	$(BIN)/python -m bench.insight

browser: $(STAMPS)/browser

lock: setup ## Write requirements/*.txt from what is installed
	$(BIN)/python setup/lock.py

clean: ## Remove what tools made; never touches .luoshi/
	rm -rf .venv node_modules src/luoshi/static/vendor build dist htmlcov
	rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
	find src -name '*.mo' -delete

$(STAMPS)/python: requirements/base.txt requirements/dev.txt pyproject.toml setup/python.sh
	PYTHON="$(PYTHON)" setup/python.sh
	@mkdir -p $(@D) && touch $@

$(STAMPS)/frontend: package-lock.json package.json frontend/build.mjs | $(STAMPS)/python
	@command -v npm >/dev/null || { echo "setup: there is no npm; install Node 20 or newer" >&2; exit 3; }
	npm ci --no-audit --no-fund --loglevel=error
	node frontend/build.mjs
	@mkdir -p $(@D) && touch $@

$(STAMPS)/translations: $(CATALOGUES) | $(STAMPS)/python
	$(BIN)/python -m luoshi.config.translations
	@mkdir -p $(@D) && touch $@

$(STAMPS)/browser: setup/browser.sh | $(STAMPS)/python
	setup/browser.sh
	@mkdir -p $(@D) && touch $@
