# make lab: install on first use, then open the first lesson. make test: the same set-up, then everything.

ifeq ($(OS),Windows_NT)
PYTHON = python
VENV_PYTHON = .venv/Scripts/python
else
PYTHON = python3
VENV_PYTHON = .venv/bin/python
endif

.PHONY: install lab test lint bench exercises exercises-reset

lab: install
	@$(VENV_PYTHON) -m jupyterlab --log-level=ERROR --LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb $(ARGS)

# loadscope: a notebook's cells stay together. Three workers keep two cores busy: one waits for a kernel or a browser.
# A hundred programs start: modules are compiled once, whatever the environment says.
test: export PYTHONDONTWRITEBYTECODE =
test: lint
	@$(VENV_PYTHON) -m pytest -n 3 --dist loadscope $(ARGS)

lint: install
	@$(VENV_PYTHON) -m ruff check

bench: install
	@$(VENV_PYTHON) -m benchmarks $(ARGS)

exercises: install
	@$(VENV_PYTHON) exercises.py

exercises-reset: install
	@$(VENV_PYTHON) exercises.py reset "$(NAME)"

install:
	@$(PYTHON) install.py
