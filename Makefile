# Run `make` for the list of targets. Everything is installed into .venv; nothing else is touched.

PYTHON ?= python3
VENV := .venv
BENCH := .venv-bench
BIN := $(VENV)/bin
PIP_INSTALL := -m pip install --quiet --disable-pip-version-check --no-input
SOURCES := src tests examples benchmarks .ci

.NOTPARALLEL:
.PHONY: help demo test test-spark test-browser search check lint types imports profiles docs format clean
.PHONY: picture bench bench-society bench-nation bench-database bench-checkers bench-check bench-compare
.DELETE_ON_ERROR:

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/.installed ## the five titles of a province, with today's areas, compared with the targets
	$(BIN)/python examples/binh_thuan/demo.py

test: $(VENV)/.installed-test ## all tests and doctests, except Spark and the browser
	$(BIN)/python -m pytest -n auto --dist worksteal --durations 12

test-spark: $(VENV)/.installed-test $(VENV)/.installed-spark ## the tests of columns on Spark; needs Java
	$(BIN)/python -m pytest -m spark tests/unit/frames tests/property

test-browser: $(VENV)/.installed-test $(VENV)/.installed-browser ## the report in Chromium; needs a browser
	$(BIN)/python -m pytest -m browser tests/browser

picture: $(VENV)/.installed-browser ## create docs/images/report.png again
	$(BIN)/python examples/binh_thuan/picture.py docs/images/report.png

search: $(VENV)/.installed-test ## the property tests, with new random examples
	$(BIN)/python -m pytest -n auto --dist worksteal --hypothesis-profile search tests/property

check: lint types imports test test-spark test-browser docs profiles ## lint, types, imports, all tests, docs and profiles; must pass before a merge

lint: $(VENV)/.installed-dev ## style, formatting, import circles, private modules, names
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/python .ci/check_source.py

types: $(VENV)/.installed-dev ## mypy, strict
	$(BIN)/mypy

imports: $(VENV)/.installed-dev ## the order of layers, no engine in the core, no network
	$(BIN)/lint-imports --no-logo

profiles: $(VENV)/.installed-test ## all profiles: errors, cases, coverage and mutants
	$(BIN)/xhht check --strict criteria_profiles examples
	$(BIN)/xhht test --coverage --mutate criteria_profiles examples

docs: $(VENV)/.installed-dev ## build the site into site/; warnings are errors
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

bench: $(BENCH)/.installed ## speed compared with ZEN and OpenFisca
	$(BENCH)/bin/python benchmarks/one_subject.py

bench-society: $(VENV)/.installed ## 300,000 households and 1,000,000 citizens bottom-up
	$(BIN)/python benchmarks/society.py

bench-nation: $(BENCH)/.installed ## 28 million households and 75 million adults on columns
	$(BENCH)/bin/python benchmarks/nation.py

bench-database: $(VENV)/.installed-test ## a million rows evaluated inside PostgreSQL
	$(BIN)/python benchmarks/in_database.py

bench-check: $(VENV)/.installed ## 2,000 profiles and 2,000 overlays checked
	$(BIN)/python benchmarks/check_thousands.py

bench-checkers: $(BENCH)/.installed ## errors found in bad files, compared with check-jsonschema and yamale
	$(BENCH)/bin/python benchmarks/checkers.py

bench-compare: $(VENV)/.installed-test ## a million people under two profiles
	$(BIN)/python benchmarks/compare_population.py

format: $(VENV)/.installed-dev ## format the code and fix what ruff can fix
	$(BIN)/ruff check --fix $(SOURCES)
	$(BIN)/ruff format $(SOURCES)

clean: ## remove virtual environments, caches and built files
	rm -rf $(VENV) $(BENCH) build dist site .hypothesis .mypy_cache .ruff_cache .pytest_cache
	rm -rf .import_linter_cache
	find $(SOURCES) -name __pycache__ -type d -prune -exec rm -rf {} +

# venv installs pip last: without pip, the environment is incomplete.
define make_venv
@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	echo "xhht needs Python 3.11 or newer, and $(PYTHON) is not." \
		"Name one that is: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
@test -x $(@D)/bin/pip || $(PYTHON) -m venv $(@D)
endef

$(VENV)/.installed: pyproject.toml
	$(make_venv)
	$(BIN)/python $(PIP_INSTALL) --editable .
	@touch $@

$(VENV)/.installed-test $(VENV)/.installed-dev $(VENV)/.installed-spark $(VENV)/.installed-browser: $(VENV)/.installed-%: pyproject.toml
	$(make_venv)
	$(BIN)/python $(PIP_INSTALL) --editable '.[$*]'
	@touch $@ $(VENV)/.installed

$(BENCH)/.installed: pyproject.toml benchmarks/requirements.txt
	$(make_venv)
	$(BENCH)/bin/python $(PIP_INSTALL) --editable '.[frames,pandas]' --requirement benchmarks/requirements.txt
	@touch $@
