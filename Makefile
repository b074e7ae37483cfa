# Two commands do everything: `make run` and `make test`. What they need lies in .venv, where the copy of a
# requirements file says that it is installed. Each part of the suite is a target of its own.
ifeq ($(filter output-sync,$(.FEATURES)),)
$(error GNU make 4 or newer is needed, this is $(MAKE_VERSION))
endif

SHELL := bash
MAKEFLAGS += --no-print-directory
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
# Nothing of a shell that was set up for something else reaches into the checks.
unexport PYTEST_ADDOPTS PYTHONPATH PYTHONWARNINGS TEST_DATABASE_URL
# Dozens of processes would read the same source: what one has compiled is kept for the others.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= python3
export PYTHON
BIN := .venv/bin
DEV := .venv/requirements-dev.txt
MYSQL := .venv/requirements-mysql.txt
FUZZER := .venv-schemathesis/requirements-schemathesis.txt

.PHONY: help run test fast lint fuzz cluster messages pictures bench

help: ## List the targets
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 16

# -- The program ---------------------------------------------------------------

setting = $(BIN)/python -c 'from appointments_site import settings as s; exit(not ($(1)))' 2>/dev/null

run: port .venv/requirements.txt .env ## Set up and serve the appointment book (PORT=8000, DATABASE_URL=mysql://...)
	@if $(call setting,"mysql" in s.DATABASES["default"]["ENGINE"]); then \
	    $(MAKE) $(MYSQL) && $(BIN)/python manage.py create_database; fi
	@echo "Bringing the database up to date"
	@$(BIN)/python manage.py migrate --verbosity=0
	@if $(call setting,s.DEBUG); then $(BIN)/python manage.py load_demo --if-empty; fi
# The jobs end with the server, however that ends: it holds the other end of their input.
	@exec 3> >($(BIN)/python manage.py run_jobs --watch --until-input-ends) && \
	    exec $(BIN)/python manage.py runserver "127.0.0.1:$${PORT:-8000}"

.PHONY: port
port: # told before half a minute of setting up
	@if [[ ! "$${PORT:-8000}" =~ ^[1-9][0-9]{0,4}$$ ]] || ((PORT > 65535)); then \
	    echo "PORT must be a number from 1 to 65535, not '$$PORT'." >&2; exit 1; \
	elif (: <"/dev/tcp/127.0.0.1/$${PORT:-8000}") 2>/dev/null; then \
	    echo "Port $${PORT:-8000} is taken. Another one: PORT=8123 make run" >&2; exit 1; fi

.env:
	@secret=$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(50))') && umask 077 && printf '%s\n' \
	    "# For development on this machine. .env.example explains every setting." \
	    "DEBUG=true" "SECRET_KEY=$$secret" > .env
	@echo "Wrote .env for development: DEBUG=true and a random SECRET_KEY"

# -- The suite -----------------------------------------------------------------

test: $(DEV) ## Check everything: lint, types, the API, tests on SQLite and on MariaDB, in a browser (ARGS="-k name")
	@MAKE="$(MAKE)" tools/test.sh $(ARGS)

# Half as many more than cores: a test that waits for a browser or a lock leaves its core idle.
workers := $(shell n=$$(($$(nproc 2>/dev/null || echo 2) * 3 / 2)); echo $$((n < 2 ? 2 : n > 8 ? 8 : n)))
# `-n` first: ARGS="-n0 --pdb" then wins.
pytest := $(BIN)/python -m pytest -n $(workers) --dist=worksteal

fast: $(DEV) ## Only the quick tests, on SQLite and without a browser (ARGS="-k name")
	@$(pytest) --fast $(ARGS)

.PHONY: test-sqlite test-mariadb
test-sqlite: $(DEV) $(if $(findstring --without-browser,$(ARGS)),,browser)
	@$(pytest) $(ARGS)

test-mariadb: $(DEV) $(MYSQL) mariadb
	@$(BIN)/python -m tools.mariadb -- $(pytest) $(ARGS)

# What is checked without a test; .pre-commit-config.yaml has the same list.
LINT := lint-types lint-style lint-format lint-templates lint-imports lint-migrations lint-deployment lint-container \
    lint-services
# As a clinic would set it, and nothing else.
production := env -i PATH="$$PATH" HOME="$$HOME" DJANGO_SETTINGS_MODULE=appointments_site.settings DEBUG=false \
    ALLOWED_HOSTS=clinic.example DATABASE_URL=sqlite://:memory: SECRET_KEY=for-checks-only-$$(seq -s - 40)

lint: $(DEV) ## Only what needs no test: lint, format, types, import order, migrations, deployment check
	@$(MAKE) --keep-going --jobs=$(workers) --output-sync=target $(LINT)

.PHONY: $(LINT)
$(LINT): $(DEV)
lint-types: ; @$(production) $(BIN)/mypy
lint-style: ; @$(BIN)/ruff check --output-format=concise .
lint-format: ; @$(BIN)/ruff format --check .
# Jinja2 has white space control, which djangofmt formats and does not check.
pages := $(filter-out templates/jinja,$(wildcard templates/*))
lint-templates: ; @$(BIN)/djangofmt --check $(pages) && $(BIN)/djangofmt check $(pages) && \
    $(BIN)/djangofmt --profile jinja --check templates/jinja
lint-imports: ; @$(BIN)/lint-imports --no-logo
lint-migrations: ; @$(production) $(BIN)/python manage.py makemigrations --check --dry-run
lint-deployment: ; @$(production) $(BIN)/python manage.py check --deploy --fail-level WARNING
caddy := SITE_ADDRESS=clinic.example $(BIN)/caddy validate --adapter caddyfile --config deploy/Caddyfile
lint-container: ; @$(BIN)/hadolint Dockerfile && \
    $(BIN)/check-jsonschema --builtin-schema vendor.compose-spec compose.yaml && \
    { said=$$($(caddy) 2>&1) || { echo "$$said" >&2; exit 1; }; }
lint-services: ; @tools/system.sh "to check the files in deploy/" nginx-light openssl systemd && \
    $(BIN)/python -m tools.deployment

fuzz: $(if $(findstring mariadb,$(ARGS)),$(MYSQL) mariadb)
fuzz: $(DEV) $(FUZZER) ## Ask the API at random, by its document (ARGS="--examples 500 --seed 7 --database mariadb")
	@$(BIN)/python -m tools.fuzz $(ARGS)

cluster: $(DEV) $(MYSQL) ## Try three Galera nodes behind HAProxy, a node killed under load (ARGS="--seconds 60")
	@tools/system.sh "for a cluster" mariadb-server galera-4 haproxy rsync
	@$(BIN)/python -m tests.cluster $(ARGS)

# -- Other work ----------------------------------------------------------------

messages: $(DEV) ## Bring the Spanish catalogue in step with the texts of the source
	@$(BIN)/python -m tools.catalogue

pictures: $(DEV) browser ## Take the pictures of the README anew, of a demo clinic on one day
	@$(BIN)/python -m tools.gallery

bench: $(if $(findstring sqlite,$(ARGS)),,$(MYSQL) mariadb)
bench: $(DEV) ## Measure bookings, free times, the day board, searches (ARGS="--sizes 10000 --database sqlite")
	@$(BIN)/python -m bench $(ARGS)

# -- What all this needs -------------------------------------------------------

again = $(if $(shell tools/venv.sh $(1)),,FORCE)

.venv/%.txt: %.txt $(call again,.venv)
	@tools/venv.sh .venv $<

$(MYSQL): .venv/%.txt: %.txt $(call again,.venv)
	@tools/system.sh "to build the MySQL client" gcc pkg-config libmariadb-dev python3-dev
	@tools/venv.sh .venv $<

.venv-schemathesis/%.txt: %.txt $(call again,.venv-schemathesis)
	@tools/venv.sh .venv-schemathesis $<

$(DEV): requirements.txt requirements-sentry.txt

.PHONY: FORCE browser mariadb
# The shell is quicker; a whole one keeps pages for its Back button, which one test is about.
# The languages are those of the code in docs/webhooks.md.
browser: ; @tools/system.sh "for browser tests and the documents' code" chromium-headless-shell chromium fonts-liberation \
    curl nodejs php-cli
mariadb: ; @tools/system.sh "for a private MariaDB" mariadb-server-core mariadb-client
