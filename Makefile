# `make bench` measures and shows; `make test` checks, and `make test-slow` checks what takes longer.
# All make their own environment first.

PYTHON ?= python3
VENV := .venv
BIN := $(CURDIR)/$(VENV)/bin
INSTALL = $(BIN)/uv pip install --quiet --python $(BIN)/python --constraint requirements.lock --editable
PROFILE ?= quick
MINUTES ?= 30
JOBS ?= 2
PYTEST = $(BIN)/pytest --numprocesses $(JOBS) --dist loadfile
PROGRESS := results/progress.log
ASV_LOG := results/asv.log

# Tests and benchmarks start hundreds of processes: let them find compiled what they import.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: bench power test test-slow lint types tests all-tests docs lock report clean

# What asv prints are grids of raw numbers: a line for each cell, and in the end the headline, say it.
bench: $(VENV)/bench
	@mkdir -p results && : > $(PROGRESS)
	@machine=$$($(BIN)/nearhit machine); \
	$(BIN)/asv machine --yes --machine "$$machine" >/dev/null; \
	tail -n +1 -f $(PROGRESS) & shown=$$!; trap "kill $$shown" EXIT; \
	NEARHIT_PROFILE=$(PROFILE) NEARHIT_PROGRESS=$(CURDIR)/$(PROGRESS) \
	NEARHIT_SINCE=$$(date --utc +%Y-%m-%dT%H:%M:%S) \
	$(BIN)/asv run --environment existing:$(BIN)/python --machine "$$machine" \
		--set-commit-hash "$$(git rev-parse HEAD)" --show-stderr >$(ASV_LOG) 2>&1; measured=$$?; \
	[ $$measured = 0 ] || { tail -n 40 $(ASV_LOG); echo "asv failed: $(ASV_LOG) has all that it said."; } >&2; \
	$(BIN)/nearhit report --results results && exit $$measured

test: lint types tests

lint: $(VENV)/test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/codespell
	$(BIN)/proselint check --config .proselint.json *.md docs/*.md

# Type checker and import linter do not follow the mapping of packages in pyproject.toml, so they
# are shown the tree as it is once installed.
types: $(VENV)/test
	@rm -rf build/typecheck && mkdir -p build/typecheck
	@cp -r src/nearhit build/typecheck/ && cp -r adapters datasets build/typecheck/nearhit/
	$(BIN)/mypy build/typecheck/nearhit
	PYTHONPATH=build/typecheck $(BIN)/lint-imports --no-cache

tests: $(VENV)/test
	$(PYTEST) -m "not slow" --hypothesis-profile quick

test-slow: $(VENV)/test
	$(PYTEST) -m slow

# Both at once, with the share of lines that they reach.
all-tests: $(VENV)/test
	$(PYTEST) --cov

docs: $(VENV)/docs
	$(BIN)/mkdocs build --strict --quiet

# The lock file holds the newest versions that all supported Pythons can have. The extras faiss-gpu
# and cuvs are left out: they do not go together with others.
LOCKED := libraries more-libraries svs torch simulate tune bench docs test
lock: $(VENV)/bench
	$(BIN)/uv pip compile pyproject.toml $(addprefix --extra ,$(LOCKED)) --universal --python-version 3.11 \
		--no-emit-index-url --no-annotate --no-header --output-file requirements.lock

$(VENV)/bench: pyproject.toml requirements.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint requirements.lock uv
	$(INSTALL) ".[libraries,bench]"
	@touch $@

$(VENV)/docs: $(VENV)/bench
	$(INSTALL) ".[docs]"
	@touch $@

# Power of `nearhit compare`: one long series, and comparisons drawn from it.
power: $(VENV)/bench
	$(BIN)/python benchmarks/power/measure.py --minutes $(MINUTES) --results results

$(VENV)/test: $(VENV)/bench
	$(INSTALL) ".[libraries,more-libraries,torch,tune,bench,docs,simulate,test]"
	@touch $@ $(VENV)/docs

# All that is made from records and committed, and the rest of the tables and plots.
report: $(VENV)/bench
	$(BIN)/nearhit report --results results --figures docs/figures \
		$(addprefix --insert-into ,README.md docs/tracking.md docs/tables.md)

clean:
	rm -rf $(VENV) .asv build results/html
