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

demo: $(VENV)/.installed ## a province's five titles, bottom-up, on today's map, against targets
	$(BIN)/python examples/binh_thuan/demo.py

test: $(VENV)/.installed-test ## unit, property, golden and docs tests, and the doctests of src
	$(BIN)/python -m pytest -n auto --dist worksteal --durations 12

test-spark: $(VENV)/.installed-test $(VENV)/.installed-spark ## frames on a real Spark; needs Java
	$(BIN)/python -m pytest -m spark tests/unit/frames tests/property

test-browser: $(VENV)/.installed-test $(VENV)/.installed-browser ## the report in Chromium, which must be installed
	$(BIN)/python -m pytest -m browser tests/browser

picture: $(VENV)/.installed-browser ## docs/images/report.png anew
	$(BIN)/python examples/binh_thuan/picture.py docs/images/report.png

search: $(VENV)/.installed-test ## all laws on examples that were not tried before
	$(BIN)/python -m pytest -n auto --dist worksteal --hypothesis-profile search tests/property

check: lint types imports test test-spark test-browser docs profiles ## all that must hold before a change is taken

lint: $(VENV)/.installed-dev ## style, formatting, and rules of the source that no linter knows
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/python .ci/check_source.py

types: $(VENV)/.installed-dev ## mypy, strict
	$(BIN)/mypy

imports: $(VENV)/.installed-dev ## the one-way imports
	$(BIN)/lint-imports --no-logo

profiles: $(VENV)/.installed-test ## all profiles: faults, cases, and what no case shows or notices
	$(BIN)/xhht check --strict criteria_profiles examples
	$(BIN)/xhht test --coverage --mutate criteria_profiles examples

docs: $(VENV)/.installed-dev ## build the site into site/, warnings are errors
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

bench: $(BENCH)/.installed ## one evaluation beside ZEN and OpenFisca; prints a table
	$(BENCH)/bin/python benchmarks/one_subject.py

bench-society: $(VENV)/.installed ## 300,000 households and 1,000,000 citizens bottom-up
	$(BIN)/python benchmarks/society.py

bench-nation: $(BENCH)/.installed ## 28 million households and 75 million adults on columns
	$(BENCH)/bin/python benchmarks/nation.py

bench-database: $(VENV)/.installed-test ## a million rows judged inside PostgreSQL
	$(BIN)/python benchmarks/in_database.py

bench-check: $(VENV)/.installed ## 2,000 profiles and 2,000 overlays checked
	$(BIN)/python benchmarks/check_thousands.py

bench-checkers: $(BENCH)/.installed ## faults found in bad files, beside check-jsonschema and yamale
	$(BENCH)/bin/python benchmarks/checkers.py

bench-compare: $(VENV)/.installed-test ## a million people under two profiles: who gains, who loses
	$(BIN)/python benchmarks/compare_population.py

format: $(VENV)/.installed-dev ## let ruff fix what it can
	$(BIN)/ruff check --fix $(SOURCES)
	$(BIN)/ruff format $(SOURCES)

clean: ## remove virtual environments, caches and built files
	rm -rf $(VENV) $(BENCH) build dist site .hypothesis .mypy_cache .ruff_cache .pytest_cache
	rm -rf .import_linter_cache
	find $(SOURCES) -name __pycache__ -type d -prune -exec rm -rf {} +

# pip is the last thing venv makes: where it is missing, the environment is not whole.
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
