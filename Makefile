# Each verb sets up what it needs and does nothing twice. PYTHON is the interpreter that makes .venv.
PYTHON ?= python3

.PHONY: run test check fix bench soak
run test check fix bench soak:
	@$(PYTHON) -m config.local.$@ $(ARGS)
