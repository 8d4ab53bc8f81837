# Two commands for a fresh machine with Python 3.11: `make demo` and `make test`.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
# Compiled tests are kept, whatever the environment says: compiling them takes as long as many of them.
unexport PYTHONDONTWRITEBYTECODE
.PHONY: demo test fast lint types browser-packages lock clean

demo: .venv/runtime
	$(BIN)/outcome-linkage demo

test: .venv/test lint types browser-packages
	$(BIN)/pytest -n 2 --dist loadfile

# A minute to run all day: unit and spec, without what is marked slow. Names what takes a second or more.
# Two workers on two cores: a thread for each.
fast: export POLARS_MAX_THREADS = 1
fast: export OPENBLAS_NUM_THREADS = 1
fast: .venv/test
	$(BIN)/pytest tests/unit tests/spec -m "not slow" -n 2 --dist worksteal --durations 10 --durations-min 1

lint: .venv/test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: .venv/test
	$(BIN)/mypy

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/runtime: requirements.lock pyproject.toml | .venv/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

.venv/test: requirements-test.lock .venv/runtime
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-test.lock
	@touch $@

browser-packages:
	@command -v chromium >/dev/null || \
		{ $(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq --no-install-recommends chromium; }

# Exact pins with hashes and no index address in them.
lock: | .venv/bin/python
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --python-version 3.11 --universal --generate-hashes \
		--no-emit-index-url --no-annotate --no-header -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --extra test --python-version 3.11 --universal --generate-hashes \
		--no-emit-index-url --no-annotate --no-header -c requirements.lock -o requirements-test.lock

clean:
	rm -rf .venv home demo
