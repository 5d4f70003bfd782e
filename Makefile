# make run    the site on this machine, with its worker, in one command
# make test   all tests, on SQLite and PostgreSQL, with a browser where there is one
# make proof  the long proofs: thousands of histories, killed workers, other implementations (needs Node)
# make bench  how many mails a second go out, beside Flask-Mail and smtplib; pages with 5,000 people known beside 200
# make weights  what each page weighs, over the wire and before compression
# make lint   format, lint and types
# make simulated-round  a round of six people, day by day: who gets which letter when
# make screenshots  the README's pictures, and every page and letter in all looks, taken anew
# make lock   new lock files after a change of pyproject.toml (needs uv)

.DEFAULT_GOAL := run
.PHONY: install install-dev run test proof bench weights lint screenshots simulated-round lock

PYTHON ?= python3
RUN := .venv/bin/python
PIP := $(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url

# Another project's environment must not reach into this one.
unexport PYTHONPATH PYTHONHOME VIRTUAL_ENV

install: .venv/.installed
install-dev: install .venv/.installed-dev

run: install
	@exec .venv/bin/flask circle serve

test: install-dev
	@.ci/browser
	@$(RUN) -m pytest -n auto --maxprocesses 4 --dist loadgroup

proof: install-dev
	@.ci/browser
	@$(RUN) -m pytest -m proof -n 2 --dist loadgroup
	@BOTH_DATABASES=1 $(RUN) -m pytest tests/web tests/browser tests/letters -n 2 --dist loadgroup

bench: install-dev
	@$(RUN) -m tests.bench.sending
	@$(RUN) -m tests.bench.suggestions

weights: install-dev
	@.ci/browser
	@$(RUN) -m tests.bench.weight

screenshots: install-dev
	@.ci/browser
	@$(RUN) -m tests.browser.screenshots
	@$(RUN) -m tests.browser.letter_screenshots

simulated-round: install-dev
	@$(RUN) -m tests.letters.simulated_round

lint: install-dev
	@.venv/bin/ruff format --check --quiet .
	@.venv/bin/ruff check --quiet .
	@.venv/bin/mypy

lock:
	$(LOCK) pyproject.toml -o requirements.lock
	$(LOCK) pyproject.toml --extra dev -o requirements-dev.lock

.venv/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "Circle needs Python 3.11 or newer. Install it, or say where it is: make run PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -m venv .venv || \
		{ echo "Python could not make a virtual environment. On Debian: apt-get install python3-venv" >&2; exit 1; }
	@touch $@

.venv/.installed: requirements.lock | .venv/.python
	@echo "Installing what Circle needs into .venv ..."
	@$(PIP) -r requirements.lock
	@touch $@

.venv/.installed-dev: requirements-dev.lock | .venv/.python
	@echo "Installing what the tests need into .venv ..."
	@$(PIP) -r requirements-dev.lock
	@touch $@ .venv/.installed
