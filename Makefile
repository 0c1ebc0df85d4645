# `make help` lists what there is. Every target works on a fresh machine, as root or not, with pip or uv.

PYTHON ?= python3
BIN := .venv/bin
# Some machines forbid Python to keep compiled files: each of a dozen processes would compile everything anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test check eval bench chaos format lock clean reset runtime dev

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-8s %s\n", $$1, $$2 }'

run: runtime ## the working demo: everything up, with data, simulators and logins (ARGS="--logs")
	@DEMO=$${DEMO:-1} exec $(BIN)/python manage.py up $(ARGS)

test: dev ## the whole test suite (ARGS="-k invoice tests/billing")
	@$(BIN)/python -m pytest -n auto --maxprocesses=4 --dist loadgroup $(ARGS)

check: dev ## lint, types, layers, templates, migrations, deployment (ARGS="types lint")
	@$(BIN)/python scripts/check.py $(ARGS)

eval: runtime ## agent scenarios (SCENARIOS=dir MODEL=offline|live TRIALS=5 ONLY=id SHUFFLE=seed)
	@$(BIN)/python manage.py eval $(OPTIONS) $(ARGS)

OPTIONS = $(if $(SCENARIOS),--scenarios $(SCENARIOS)) $(if $(MODEL),--model $(MODEL)) \
	$(if $(TRIALS),--trials $(TRIALS)) $(if $(ONLY),--only $(ONLY)) $(if $(SHUFFLE),--shuffle $(SHUFFLE))

bench: dev ## what a second holds, each figure beside its limit, as JSON (ARGS="--only intake --runs 3")
	@$(BIN)/python scripts/with_stack.py --durable -- python manage.py bench $(ARGS)

chaos: dev ## SIGKILL to every process under traffic, then the proof (ARGS="--seed 7 --rounds 3")
	@$(BIN)/python scripts/with_stack.py --durable -- python manage.py chaos $(ARGS)

format: dev ## write the one format
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

locale: dev ## compile the shell's Portuguese (no gettext tools needed)
	@$(BIN)/pybabel -q compile -d locale -D django

lock: dev ## resolve requirements/*.in into locks with hashes (UPGRADE=1 takes the newest)
	@$(BIN)/python scripts/lock.py

clean: ## remove what tools have cached
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis htmlcov .coverage
	@find . -name __pycache__ -type d -not -path './.venv/*' -prune -exec rm -rf {} +

reset: ## remove the demo's data, so that the next run starts afresh
	@$(PYTHON) scripts/reset.py

runtime:
	@$(PYTHON) scripts/bootstrap.py

dev:
	@$(PYTHON) scripts/bootstrap.py dev
