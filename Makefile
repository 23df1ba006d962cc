# The two commands of the README. Everything they need is installed into .venv, from the pinned requirements.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: app test lint

app: .venv/installed
	$(BIN)/python -m workbench app

# Two files of tests at a time, each with one thread for its products.
test: .venv/installed-for-tests
	HF_HUB_OFFLINE=1 OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

lint: .venv/installed-for-tests
	$(BIN)/python -m ruff check .

.venv/installed: requirements.txt embeddings/second/requirements.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -q -r requirements.txt
	$(BIN)/python -m pip install -q --no-deps -r embeddings/second/requirements.txt
	touch $@

.venv/installed-for-tests: .venv/installed tests/requirements.txt
	$(BIN)/python -m pip install -q -r tests/requirements.txt
	touch $@
