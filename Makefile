# make run: Jiesu with its demonstration. make test: the tests. Both need Python 3.11+ with venv, and make; nothing else.

VENV := .venv
BIN := $(VENV)/bin
ARGS ?=

# Installing without bytecode would make every start three times slower.
unexport PYTHONDONTWRITEBYTECODE
# pip is asked, not uv: pip knows the mirrors that people have set up in pip.conf.
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
LOCK := uv pip compile --quiet --universal --no-strip-extras --generate-hashes --python-version 3.11 --custom-compile-command "make lock"

.PHONY: help run check test lint types imports lock clean

help:
	@echo "make run      install what is needed and start Jiesu with its demonstration"
	@echo "make test     install what tests need and run them (ARGS='-k name' for some)"
	@echo "make check    say everything that is wrong in config.toml, organisation and rules"
	@echo "make lint     ruff        make types    mypy        make imports  import rules"
	@echo "make lock     write the lock files anew from requirements*.in"
	@echo "make clean    remove the virtual environment"

run: $(VENV)/.installed
	@$(BIN)/python -m bot run $(ARGS)

check: $(VENV)/.installed
	@$(BIN)/python -m bot check $(ARGS)

test: $(VENV)/.installed-dev
	@$(BIN)/python -m pytest -q -n 3 $(ARGS)

lint: $(VENV)/.installed-dev
	@$(BIN)/ruff check .

types: $(VENV)/.installed-dev
	@$(BIN)/mypy

imports: $(VENV)/.installed-dev
	@$(BIN)/lint-imports

lock: $(VENV)/.installed-dev
	$(BIN)/$(LOCK) requirements.in -o requirements.lock
	$(BIN)/$(LOCK) requirements-dev.in -o requirements-dev.lock

clean:
	rm -rf $(VENV)

# The stamps make the second run instant: pip is only asked again when a lock has changed.
$(VENV)/.installed: requirements.lock | $(VENV)/.made
	@echo "Installing what Jiesu needs (once, about a minute) …"
	@$(INSTALL) -r requirements.lock
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock requirements.lock | $(VENV)/.made
	@echo "Installing what the tests need (once, a minute or two) …"
	@$(INSTALL) -r requirements-dev.lock
	@touch $@ $(VENV)/.installed

# The newest Python of those the lock was tried with; each way of lacking one is named with its cure.
$(VENV)/.made:
	@found=; seen=; lacking=; \
	for python in python3.13 python3.12 python3.11 python3 python; do \
	  command -v $$python >/dev/null 2>&1 || continue; \
	  version=$$($$python -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue; \
	  seen="$$seen $$python ($$version)"; \
	  $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' || continue; \
	  $$python -c 'import venv, ensurepip' 2>/dev/null || { lacking="$$lacking $$version"; continue; }; \
	  found=$$python; break; \
	done; \
	if [ -z "$$found" ]; then \
	  if [ -n "$$lacking" ]; then \
	    set -- $$lacking; \
	    echo "Python $$1 is here, but its venv module is not. On Debian or Ubuntu: apt install python$$1-venv"; \
	  elif [ -n "$$seen" ]; then \
	    echo "Jiesu needs Python 3.11 or newer; found only:$$seen. On Debian 12, Ubuntu 24.04 or newer: apt install python3 python3-venv"; \
	  else \
	    echo "Jiesu needs Python 3.11 or newer, and there is none. On Debian or Ubuntu: apt install python3 python3-venv"; \
	  fi >&2; exit 1; \
	fi; \
	rm -rf $(VENV) && $$found -m venv $(VENV) && touch $@
