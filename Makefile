# Each verb sets up what it needs and does nothing twice. PYTHON is the interpreter that makes .venv.
PYTHON ?= python3

.PHONY: run test check fix bench
run test check fix bench:
	@$(PYTHON) -m config.local.$@ $(ARGS)
