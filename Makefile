# The work is done by the scripts in tools/, which need nothing but Python.
PYTHON ?= python3

.DEFAULT_GOAL := help
.PHONY: help run test fast lint fuzz messages pictures bench

help: ## List the targets
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 16

run: ## Set up what is missing and serve the appointment book (PORT=8000, DATABASE_URL=mysql://...)
	@exec $(PYTHON) -m tools.run

test: ## Check everything: lint, types, the API, tests on SQLite and on MariaDB, in a browser (ARGS="-k name")
	@exec $(PYTHON) -m tools.suite test $(ARGS)

fast: ## Only the tests on SQLite, without a browser (ARGS="-k name")
	@exec $(PYTHON) -m tools.suite fast $(ARGS)

lint: ## Only what needs no test: lint, format, types, import order, migrations, deployment check
	@exec $(PYTHON) -m tools.suite lint

fuzz: ## Ask the API at random, by its own document (ARGS="--examples 500 --seed 7 --database mariadb")
	@exec $(PYTHON) -m tools.fuzz $(ARGS)

messages: ## Bring the Spanish catalogue in step with the texts of the source
	@exec $(PYTHON) -m tools.messages

pictures: ## Take the pictures of the README anew, of a demo clinic on one day
	@exec $(PYTHON) -m tools.pictures

bench: ## Measure bookings, free times, the day board and searches (ARGS="--sizes 10000 --database sqlite")
	@exec $(PYTHON) -m bench $(ARGS)
