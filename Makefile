# The two commands of the README are `make demo` and `make test`. Each first installs what is missing or has changed.
# Every path is relative, so that a folder name may contain a space.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo "$$p" && break; done)
ARGS ?=
PIP = .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps  # the locks are whole

.PHONY: help install develop demo test faults fuzz reading recount histories lint bench screenshots picture guide aims mutants approve letters site release upgrades wheels image servers machines lock

help:  ## list the targets
	@sed -n 's/^\([a-z]*\):[^#]*## /  make \1\t/p' Makefile | expand -t 18

install: .venv/installed  ## make .venv with the casebeat command and what it runs with

develop: .venv/developed  ## add what the demo, the tests and lint need; they add it themselves

demo: .venv/installed  ## run three weeks of a made-up force's stalking cases and show the mails (under two minutes)
	@.venv/bin/casebeat demo $(ARGS)

test: .venv/developed  ## run every test (ARGS="tests/house -x" selects some)
	@.venv/bin/python -m pytest $(ARGS)

faults: .venv/developed  ## test every fault at every point, and three virtual years; takes hours (make test runs a sample)
	@FAULTS=all YEARS_SEEDS=$${YEARS_SEEDS:-1-3} YEARS_DAYS=$${YEARS_DAYS:-400} \
		.venv/bin/python -m pytest -s tests/faults tests/whole/years $(ARGS)

fuzz: .venv/developed  ## send hostile files, mails, clicks and keys for ten minutes a target (FUZZ_SECONDS, FUZZ_SEED; make test runs a sample)
	@FUZZ_SECONDS=$${FUZZ_SECONDS:-600} .venv/bin/python -m pytest -s tests/fuzz $(ARGS)

reading: .venv/developed  ## read 200 random books a second time, from the specification; takes an hour (ARGS="--seeds 1-50"; make test reads ten)
	@.venv/bin/python -m tests.whole.reading $(ARGS)

recount: .venv/developed  ## count the report of thirty random books from their extracts (ARGS="--seeds 1-50"; make test counts two)
	@.venv/bin/python -m tests.whole.recount $(ARGS)

lint: .venv/developed  ## run ruff, its formatter, bandit, mypy (strict but for tests) and the import contracts
	.venv/bin/python -m ruff check .
	.venv/bin/python -m ruff format --check .
	.venv/bin/python -m bandit --quiet --configfile pyproject.toml --recursive config models tasks flows benchmarks
	.venv/bin/python -m mypy
	.venv/bin/python -c 'import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())'

bench: .venv/developed  ## measure against the floor of the machine (ARGS=--help lists the sizes)
	@.venv/bin/python -m benchmarks $(ARGS)

screenshots: .venv/developed  ## take the pictures of the Prefect UI and of a Slack thread in docs again (needs Chromium)
	@SCREENSHOTS=1 .venv/bin/python -m pytest tests/browser tests/integration/carriers/test_slack_thread_picture.py $(ARGS)

picture: .venv/developed  ## draw docs/tasks-after.svg and docs/convening.svg again, from the imports of tasks and the calls of convening
	@.venv/bin/python -m tests.house.picture

guide: .venv/developed  ## write the tables of columns and rules in README.md and docs/extract-guide.md again
	@.venv/bin/python -m tests.house.guide

aims: .venv/developed  ## count the lines of the house, and the files of a new rule, state, kind and carrier
	@.venv/bin/python -m tests.house.aims

approve: .venv/developed  ## write the approved texts of tests/approved again, to be read in the diff
	@.venv/bin/python -m tests.approved

histories: .venv/developed  ## live fourteen reviews of killings as made-up cases, and write docs/histories.md again
	@.venv/bin/python -m tests.whole.histories

letters: .venv/developed  ## read every mail of the demo's three weeks, answer every link, and count what is not so (ARGS=--help)
	@.venv/bin/python -m tests.whole.truth $(ARGS)

site: .venv/developed  ## build docs/ as a site, with its reference made from the code, in build/site
	@NO_MKDOCS_2_WARNING=1 .venv/bin/python -m mkdocs build --config-file packaging/site/mkdocs.yml $(ARGS)
	@echo "open build/site/index.html"

release: .venv/developed  ## make the archive of a tag, with its wheels, checksums and install, in build/release (TAG=v1.1.0)
	@.venv/bin/python packaging/release.py $(TAG)

upgrades: .venv/developed  ## install the releases of 1.0.0 and of this tree beside each other without a network, and go both ways
	@.venv/bin/python -m tests.upgrades

wheels: .venv/developed  ## write packaging/wheels.txt, the wheels of the run-time lock that a release carries, after make lock
	@.venv/bin/python packaging/release.py --wheels

image: .venv/developed  ## run the lines of packaging/Containerfile in a root of Debian, and what they make (root, debootstrap)
	@.venv/bin/python -m tests.image $(ARGS)

servers: .venv/developed  ## run two Prefect servers behind packaging/nginx, and kill each part (nginx-light, redis-server, openssl, apache2-utils)
	@.venv/bin/python -m tests.servers

machines: .venv/developed  ## kill the machine that holds the round, and cut its cable, while another stands by (root, unshare, ip)
	@.venv/bin/python -m tests.machines

mutants: .venv/developed  ## change the source in small ways and see which tests notice (ARGS=--help)
	@.venv/bin/python -m tests.mutants $(ARGS)

lock:  ## write the locks again from pyproject.toml (needs uv; ARGS=--upgrade takes the newest releases)
	$(call compile,requirements.txt)
	$(call compile,requirements-dev.txt,--extra dev -c requirements.txt)

define compile
uv pip compile $(ARGS) --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-strip-extras \
	$(2) pyproject.toml -o $(1)
endef

# The installation: the lock of what runs, and a line that leads to the checkout.
.venv/installed: requirements.txt packaging/install.py pyproject.toml
	@test -n "$(PYTHON)" || { echo "Casebeat needs Python 3.11 or later and found none." \
		"Install one, or name yours: make install PYTHON=/path/to/python3"; exit 2; } >&2
	"$(PYTHON)" packaging/install.py
	@touch .venv/installed

.venv/developed: .venv/installed requirements-dev.txt
	$(PIP) --require-hashes -r requirements-dev.txt
	@touch .venv/developed
