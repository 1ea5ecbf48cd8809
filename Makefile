# Each target sets up what it needs, in .venv/ beside this file. Needs only Python 3.11+ (with venv) and make.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# What reports and JupyterLab need; and with it what tests, documentation, cluster and Spark need.
SETUP := .venv/installed
EVERYTHING := .venv/installed-everything
# Two workers with one BLAS thread each don't fight over two cores.
export OPENBLAS_NUM_THREADS := 1
export PYTHONUTF8 := 1
# Kernels and workers start again and again: without bytecode each would compile every import anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup everything review-tools reports quick test rest test-all check current style types form lowest fuzz docs \
	look bench lab notebooks generated seeds lock clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /make \1|/' | awk -F'|' '{printf "%-16s %s\n", $$1, $$2}'

# uv fills an environment in a ninth of pip's time, but knows nothing of pip's settings (mirrors, certificates):
# where it reaches no index pip does it. Hashes are checked by both.
define install
$(BIN)/uv pip install --quiet --python $(BIN)/python --system-certs --no-deps --require-hashes -r $(1) \
		|| { echo "uv couldn't install $(1), see above; trying pip" >&2; $(PIP) --no-deps --require-hashes -r $(1); }
endef

# 120 MB that nothing here reads leave at once: uv, which make everything brings back, the setuptools of Python 3.11's
# venv, the libraries' tests of themselves, and what leads a debugger from a script to its source.
OWN_TESTS := ibis matplotlib numpy pandas pyarrow scipy
$(SETUP): requirements/setup.txt requirements/reports.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("cbanalysis needs Python 3.11 or newer, this is " + sys.version.split()[0] + "; try make PYTHON=python3.12")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(PIP) --no-deps --require-hashes -r requirements/setup.txt
	$(call install,requirements/reports.txt)
	$(PIP) --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m pip uninstall -qq --yes uv setuptools
	@cd .venv/lib/python3*/site-packages && find $(OWN_TESTS) -type d -name tests -prune -exec rm -rf {} +
	@find .venv -name '*.js.map' -delete
	@touch $@

$(EVERYTHING): requirements/everything.txt $(SETUP)
	$(PIP) --no-deps --require-hashes -r requirements/setup.txt
	$(call install,requirements/everything.txt)
	@if [ -e .git ] && command -v git >/dev/null; then $(MAKE) --no-print-directory review-tools; fi
	@touch $@

# Plain `git diff` stays a patch that can be applied; `git nbdiff` shows notebooks cell by cell.
review-tools:
	@git config alias.nbdiff "difftool --tool nbdiff --no-prompt --"
	@git config difftool.nbdiff.cmd 'env -u GIT_EXTERNAL_DIFF $(BIN)/nbdiff --ignore-metadata "$$LOCAL" "$$REMOTE"'
	@git config alias.nbdiff-web "difftool --tool nbdime --no-prompt --"
	@git config difftool.nbdime.cmd '$(BIN)/nbdiff-web --persist "$$LOCAL" "$$REMOTE"'
	@git config merge.jupyternotebook.name "notebooks, cell by cell"
	@git config merge.jupyternotebook.driver ".ci/nbmerge %O %A %B %L %P"

setup: $(SETUP) ## make .venv/ with what reports and JupyterLab need

everything: $(EVERYTHING) ## add what tests, documentation, cluster and Spark need

reports: $(SETUP) ## make every report that is new or changed into outputs/
	$(BIN)/cbanalysis report

quick: $(EVERYTHING) ## style, types and the tests nearest to what changed since main (half a minute)
	$(BIN)/python tests/quick.py

# The tests of a file share what is slow to start, so a file stays with one worker; conftest.py says in which order.
PYTEST := $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder
# What measures coverage, in test-all: it costs a third more.
COVERAGE ?=

test: $(EVERYTHING) ## what must hold before a commit: make check, tests, stored notebooks (some eight minutes)
	@$(MAKE) --no-print-directory -j 3 check
	$(PYTEST) -p no:nbval -m "not whole" $(COVERAGE)
	$(PYTEST) --nbval --nbval-kernel-name cbanalysis-warm notebooks

rest: $(EVERYTHING) ## what test leaves out: the docs' commands and pages, the wheel, kills, Spark, ordinary kernels
	$(PYTEST) -p no:nbval -m whole $(COVERAGE)
	$(PYTEST) --nbval notebooks

test-all: ## everything that must hold, and how much of the code it runs
	rm -f .coverage .coverage.*
	$(MAKE) test COVERAGE="--cov --cov-report= --cov-fail-under=0"
	$(MAKE) rest COVERAGE="--cov --cov-append --cov-report=term"

check: style types current ## make style, make types, data without a fault and generated files current

current: $(EVERYTHING)
	$(BIN)/cbanalysis check
	$(BIN)/cbanalysis codebook --check

style: $(EVERYTHING) ## ruff on code and notebooks
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(EVERYTHING) ## mypy strict
	$(BIN)/mypy

form: $(EVERYTHING) ## what notebooks must look like: both languages, stored outputs, no definitions
	$(BIN)/python -m pytest -q tests/test_architecture.py -k TestNotebooks

# The resolver takes the lowest of what pyproject.toml names, the newest of what these bring along.
lowest: $(EVERYTHING) ## the fast tests with the lowest versions that pyproject.toml declares
	rm -rf .venv/lowest && $(PYTHON) -m venv .venv/lowest
	$(BIN)/uv pip compile --quiet --system-certs --resolution lowest-direct --python .venv/lowest/bin/python --no-annotate \
		pyproject.toml --all-extras --group setup --group tests -o .venv/lowest/requirements.txt
	$(BIN)/uv pip install --quiet --system-certs --python .venv/lowest/bin/python -r .venv/lowest/requirements.txt
	$(BIN)/uv pip install --quiet --python .venv/lowest/bin/python --no-deps --no-build-isolation --editable .
	.venv/lowest/bin/python -m pytest -q -n 2 --dist loadfile -m "not slow" tests

fuzz: $(EVERYTHING) ## two minutes of fuzzing what reads files from outside, on from the kept inputs
	$(BIN)/uv pip install --quiet --python $(BIN)/python --system-certs --no-deps atheris==3.0.0
	$(BIN)/python -W ignore tests/fuzzing/fuzz.py --seconds 12

docs: $(EVERYTHING) ## build the documentation into docs/_build/html/, without a network
	$(BIN)/python -m sphinx -W --keep-going --quiet -b html docs docs/_build/html
	@echo docs/_build/html/index.html

look: reports $(EVERYTHING) ## open every page of outputs/ in a browser: axe, other hosts, widths, sizes (minutes)
	$(BIN)/python -m pytest -n 2 -q tests/whole_site.py

bench: $(EVERYTHING) ## measure batches, kernels, tables, records and JupyterLab, each against its yardstick (an hour)
	$(BIN)/python benchmarks/batch.py
	$(BIN)/python benchmarks/kernels.py
	$(BIN)/python benchmarks/tables.py
	$(BIN)/python benchmarks/records.py
	$(BIN)/python benchmarks/lab.py

lab: $(SETUP) ## open JupyterLab on notebooks, data and reports, its kernels warm
	$(BIN)/cbanalysis lab

notebooks: $(SETUP) ## run the notebooks and store their outputs
	$(BIN)/cbanalysis notebooks

generated: $(SETUP) ## rewrite the codebook, the data package, the gallery and the six questions
	$(BIN)/cbanalysis codebook
	$(BIN)/python docs/make_gallery.py
	$(BIN)/python docs/make_questions.py

seeds: $(SETUP) ## all figures of the five source documents, as printed and as parsed
	$(BIN)/cbanalysis seeds

# The sets are cut from one resolution, so that they agree. No index is named: it's the one that uv is told of.
LOCK = $(BIN)/uv pip compile --quiet --system-certs --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --no-header
lock: $(EVERYTHING) ## resolve the dependencies anew
	$(LOCK) --upgrade pyproject.toml --all-extras --group setup --group tests --group docs -o requirements/everything.txt
	$(LOCK) pyproject.toml -c requirements/everything.txt --extra import --extra lab --extra records \
		--extra reports -o requirements/reports.txt
	$(LOCK) -c requirements/everything.txt --group setup -o requirements/setup.txt

clean: ## remove what make made, but not outputs/
	rm -rf .venv dist build docs/_build .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage*
