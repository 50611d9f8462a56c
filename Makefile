# What people run and what CI runs. `make app` opens the pages; `make test` checks everything.
PYTHON ?= python3
PIP = $(PYTHON) -m pip --disable-pip-version-check --python .venv/bin/python install --quiet
BIN = .venv/bin

.PHONY: help setup setup-dev browser app lab test test-fast test-pythons served lint fix lock schemas bench soak clean

help:
	@echo "make app        set up (the first time) and open the pages"
	@echo "make test       set up and run every check and test"
	@echo "make test-fast  the checks and tests that need no browser"
	@echo "make test-pythons  the tests without a browser on each Python that is found (WHICH=tests/notebook for some of them)"
	@echo "make lab        the same notebooks in JupyterLab"
	@echo "make bench      the benchmarks;  make soak  the tests at full size"
	@echo "make fix        format the code;  make lock  choose new versions;  make schemas  write the JSON schemas"

# A stamp per lock, so that a second run costs nothing. No venv module with pip inside is needed: pip installs from outside.
# The lock names everything, so pip is asked to choose nothing (--no-deps): where a package is wanted with an extra
# ("coverage[toml]"), an older pip (23.2, say) looks at the newest release before it looks at our pin, and refuses the
# whole lock on the day a new one comes out. `pip check` then says whether the lock is indeed whole.
.venv/bin/python:
	$(PYTHON) -m venv --without-pip .venv

.venv/.run-installed: requirements.lock pyproject.toml | .venv/bin/python
	$(PIP) --no-deps --require-hashes -r requirements.lock
	$(PIP) --no-deps --no-build-isolation -e .
	@$(PYTHON) -m pip --disable-pip-version-check --python .venv/bin/python check --quiet
	@touch $@

.venv/.dev-installed: requirements-dev.lock pyproject.toml | .venv/bin/python
	$(PIP) --no-deps --require-hashes -r requirements-dev.lock
	$(PIP) --no-deps --no-build-isolation -e .
	@$(PYTHON) -m pip --disable-pip-version-check --python .venv/bin/python check --quiet
	@touch $@ .venv/.run-installed

setup: .venv/.run-installed
setup-dev: .venv/.dev-installed

# What the tests need beside Python: as root on Debian it is installed; elsewhere they use what they find and say at the
# end what they skipped. Each line: a command that is there when it is, the package, and what goes untested without it.
define NEEDED
	@{ $(1); } >/dev/null 2>&1 || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
	    echo "Installing $(2) for the tests"; \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $(4) $(2) >/dev/null || \
	      echo "COULD NOT INSTALL $(2): $(3)"; \
	  else echo "NO $(2) FOUND: $(3)"; fi; }
endef

browser:
	$(call NEEDED,command -v chromium || command -v google-chrome,chromium,the browser tests will be skipped)
	$(call NEEDED,ls /usr/lib/postgresql/*/bin/initdb || command -v initdb,postgresql,plans will be tested on SQLite only)
	$(call NEEDED,command -v soffice,libreoffice-writer-nogui,no Word file will be opened,--no-install-recommends)
	$(call NEEDED,$(BIN)/python -c "import weasyprint",libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0,no PDF will be made)
	@command -v configurable-http-proxy >/dev/null 2>&1 || test -d .venv/proxy/node_modules || { \
	  if command -v npm >/dev/null 2>&1; then \
	    echo "Installing the hub's proxy for the test of the hub"; \
	    npm install --silent --no-audit --no-fund --prefix .venv/proxy configurable-http-proxy@5 >/dev/null 2>&1 || true; \
	  fi; test -d .venv/proxy/node_modules || echo "NO configurable-http-proxy FOUND: the hub will not be tested"; }

app: setup
	$(BIN)/cpassist serve

lab: setup
	$(BIN)/jupyter lab --notebook-dir=notebooks --LabApp.default_url="/lab/tree/start.ipynb" --LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate --LabApp.news_url=None

lint: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/yamllint catalogue tests .pre-commit-config.yaml
	$(BIN)/cpassist check-catalogue

# As many tests at once as there are processors; the long ones are taken over by whoever is free. Browser tests come after
# them, one by one: each has servers, kernels and a browser of its own, and two at a time wait for each other until they fail.
AT_ONCE = -n logical --dist worksteal

test-fast: lint
	$(BIN)/pytest $(AT_ONCE) -m "not served"

test: lint browser
	$(BIN)/pytest $(AT_ONCE) -m "not served"
	$(BIN)/pytest -m served

# Every Python that pyproject.toml allows and this machine has, each in an environment of its own; what is not there is said.
test-pythons:
	@for version in 3.11 3.12 3.13; do \
	  if ! python$$version --version >/dev/null 2>&1; then echo "NO python$$version FOUND: not tried"; continue; fi; \
	  place=.venv/pythons/$$version; echo "Python $$version"; \
	  python$$version -m venv --without-pip $$place && \
	  python$$version -m pip --disable-pip-version-check --python $$place/bin/python install --quiet --no-deps --require-hashes -r requirements-dev.lock && \
	  python$$version -m pip --disable-pip-version-check --python $$place/bin/python install --quiet --no-deps --no-build-isolation -e . && \
	  $$place/bin/python -m pytest $(AT_ONCE) -m "not served" $(WHICH) || exit 1; \
	done

fix: setup-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

schemas: setup-dev
	$(BIN)/python -m cpassist.importing.schemas

bench: setup-dev browser
	$(BIN)/python -m benchmarks

soak: setup-dev browser
	CPASSIST_SOAK=1 $(BIN)/pytest $(AT_ONCE) -m "not served" --timeout=0 --cov
	CPASSIST_SOAK=1 $(BIN)/pytest -m served --timeout=0
	$(BIN)/python -m benchmarks many

# Needs uv (any way of installing it). No addresses are written.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --extra dev pyproject.toml -o requirements-dev.lock

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage
