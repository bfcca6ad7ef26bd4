# `make demo` and `make test` are all that a newcomer needs; both set up their own environment in .venv first.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-annotate --no-header

.PHONY: help setup demo test check bench soak docs lock clean

help:
	@echo "make demo   set up, then run the main job on the example orders"
	@echo "make test   set up, then run every test"
	@echo "make check  what CI checks besides: format, lint, types, layers, wheel"
	@echo "make bench  measure (takes minutes); make soak: the long form of the kill and race tests"
	@echo "make docs   write the generated documents; make lock: renew requirements/; make clean"

setup: $(READY)

$(READY): pyproject.toml requirements/bootstrap.txt requirements/development.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Proviso needs Python 3.11 or later; name it with: make PYTHON=python3.12" >&2; exit 3; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV) || \
		{ echo "Python cannot make environments here; on Debian: apt-get install python3-venv" >&2; exit 3; }
	@echo "Setting up $(VENV) ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv pip sync --quiet --compile-bytecode --require-hashes requirements/development.txt
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q provisioning
	@touch $(READY)

demo: setup
	@PATH="$(CURDIR)/$(BIN):$$PATH" sh scripts/demo.sh

test: setup
	@PYTHONDONTWRITEBYTECODE= $(BIN)/pytest

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	sh scripts/check_wheel.sh $(BIN)

bench: setup
	$(BIN)/python bench/cold_start.py
	$(BIN)/python bench/check_orders.py
	$(BIN)/python bench/assign_addresses.py
	$(BIN)/python bench/render.py
	$(BIN)/python bench/plan_iosxe.py
	$(BIN)/python bench/mask_backups.py
	$(BIN)/python bench/select_lines.py
	$(BIN)/python bench/keep_backups.py
	$(BIN)/python bench/list_runs.py
	$(BIN)/python bench/lab_start.py
	$(BIN)/python bench/drill_failover.py
	$(BIN)/python bench/simulator.py
	$(BIN)/python bench/activate_line.py
	$(BIN)/python bench/change_routers.py
	$(BIN)/python bench/change_ports.py
	$(BIN)/python bench/run_changes.py
	$(BIN)/python bench/back_up_fleet.py
	$(BIN)/python bench/watch_lines.py

soak: setup
	PROVISO_SOAK=1 $(BIN)/pytest

docs: setup
	$(BIN)/python docs/write_refusals.py
	$(BIN)/python docs/write_examples.py

lock:
	$(COMPILE) --upgrade pyproject.toml --output-file requirements/runtime.txt
	$(COMPILE) --upgrade pyproject.toml --group dev --constraints requirements/runtime.txt \
		--output-file requirements/development.txt
	echo uv | $(COMPILE) --upgrade - --output-file requirements/bootstrap.txt

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis dist state/demo
