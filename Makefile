# Two commands do everything: `make run` and `make test`. What they need they install themselves, into .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
FLASK := $(BIN)/flask --app app
PEERS := tests/peers

.PHONY: run test check bench format messages assets requirements clean

run: $(VENV)/.runtime
	@exec $(FLASK) serve

test: $(VENV)/.development $(VENV)/.peers $(PEERS)/node_modules/.package-lock.json
	$(BIN)/pytest -n auto --dist loadgroup $(ARGS)

check: $(VENV)/.development
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/pytest -q tests/architecture tests/database/ground/test_migrations.py

# How long things take and how much memory, on both databases; ARGS=reminders: that yardstick alone.
bench: $(VENV)/.development
	@$(BIN)/python -m bench $(ARGS)

format: $(VENV)/.development
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Collects the strings of code and templates into the Polish catalogue and compiles it; new ones are left empty.
messages: $(VENV)/.development
	$(BIN)/python eventreg/translations/collect.py

# Stylesheets and fonts from eventreg/theme (needs Node and npm; their results are committed).
assets: $(VENV)/.development
	PATH="$(abspath $(BIN)):$$PATH" sh eventreg/theme/build.sh

requirements:
	uv pip compile pyproject.toml --universal --generate-hashes --no-header -q -o requirements.txt
	uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-header -q -o requirements-dev.txt
	cd $(PEERS) && uv pip compile requirements.in --universal --python-version 3.11 --generate-hashes --no-header -q -o requirements.txt

clean:
	rm -rf $(VENV) $(PEERS)/node_modules .mypy_cache .ruff_cache .pytest_cache

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("eventreg needs Python 3.11 or newer" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.txt | $(VENV)/bin/python
	@echo "Installing what eventreg needs into $(VENV) ..."
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.development: requirements-dev.txt $(VENV)/.runtime
	@echo "Installing what the tests need into $(VENV) ..."
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

# Calendar programs of others, which the tests let read what eventreg writes: an environment of their own, and npm's.
$(VENV)/.peers: $(PEERS)/requirements.txt | $(VENV)/bin/python
	@echo "Installing khal and vdirsyncer for the tests into $(VENV)/peers ..."
	$(BIN)/python -m venv --clear $(VENV)/peers
	$(VENV)/peers/bin/pip install --quiet --disable-pip-version-check --require-hashes -r $(PEERS)/requirements.txt
	@touch $@

$(PEERS)/node_modules/.package-lock.json: $(PEERS)/package-lock.json
	@if command -v npm >/dev/null; then \
	  echo "Installing ical.js and node-ical for the tests ..." && cd $(PEERS) && npm ci --silent --ignore-scripts && \
	  touch node_modules/.package-lock.json; \
	else echo "No npm here: the tests with ical.js and node-ical are skipped."; fi
