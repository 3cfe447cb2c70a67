# Each verb sets up what it needs and does nothing twice. PYTHON is the interpreter that makes .venv.
PYTHON ?= python3

.PHONY: run test check fix bench bench-disclosure soak backup restore restore-drill
run test check fix bench bench-disclosure soak backup restore restore-drill:
	@$(PYTHON) -m config.local.$(subst -,_,$@) $(ARGS)
