# Reeltwin. `make run` and `make test` need Python 3.11 to 3.13 with pip, and nothing else.

VENV := .venv
BIN := $(VENV)/bin
BENCH := .venv-bench
# The folder with the MovieLens releases: make model DATA=DIR, make bench DATA=DIR.
DATA := data
RELEASES := ml-latest-small ml-latest-2023 ml-small-2016-10 ml-small-2015-04
FOUND = $(patsubst %/,%,$(wildcard $(addsuffix /,$(addprefix $(DATA)/,$(RELEASES)))))

# The first Python on this machine that is new enough, unless PYTHON names one.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null \
	&& echo $$p && break; done)

.PHONY: run test test-all sweep fuzz lint audit format model bench tune groups speed latency flood load soak scale distributed layout docs pictures gallery atlas clean help

run: $(VENV)/run  ## start the bot: on Discord if DISCORD_TOKEN is set, else in the terminal
	@$(BIN)/python -m bot

# One process for each core, four at most: each has the model in memory.
PYTEST := $(BIN)/python -m pytest -q -n auto --maxprocesses 4 --dist worksteal

test: $(VENV)/test  ## run the tests (three minutes on two cores)
	$(PYTEST) -m "not slow"

test-all: $(VENV)/test  ## run the slow tests too: kills, several processes, PostgreSQL, a browser
	$(PYTEST) -rs

sweep: $(VENV)/test  ## type 5,000 odd messages at the bot on a loopback Discord (a minute)
	SWEEP_MESSAGES=5000 $(BIN)/python -m pytest -q tests/bot/discord_sweep

# In rounds, as Hypothesis remembers all inputs of a run. A failing round is repeated by its line.
ROUNDS := 10
fuzz: $(VENV)/test  ## feed 100,000 odd inputs to each part that takes any (an hour)
	@seed=$${SEED:-$$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')}; \
	for round in $$(seq $(ROUNDS)); do \
		echo "make fuzz ROUNDS=1 SEED=$$seed"; \
		OMP_NUM_THREADS=1 FUZZ_INPUTS=10000 $(BIN)/python -m pytest -q tests/fuzz \
			--hypothesis-seed=$$seed || exit 1; \
		seed=$$((seed + 1)); \
	done

lint: $(VENV)/lint  ## check style, types and security
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/bandit -q -c pyproject.toml -r bot engine storage
	@$(BIN)/python .ci/audit.py

audit: $(VENV)/lint  ## ask whether a pinned package has a known vulnerability
	@$(BIN)/python .ci/audit.py

format: $(VENV)/lint  ## put the code into the project's format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

model: $(VENV)/train  ## train the embedded bundle anew on the MovieLens releases in DATA, else on ml-latest-small (minutes)
	@test -n "$(FOUND)" -o "$(origin DATA)" = file || { echo "$(DATA) holds none of $(RELEASES)." >&2; exit 1; }
	@$(BIN)/python -m engine train $(if $(FOUND),--data $(FOUND),--download ml-latest-small) \
		--out engine/pretrained

bench: $(BENCH)/bench  ## measure the model on held-out users, beside its peers (minutes)
	$(BENCH)/bin/python -m benchmarks.quality --data $(DATA)

tune: $(BENCH)/bench  ## try the peers' settings on validation users (an hour)
	$(BENCH)/bin/python -m benchmarks.tuning --data $(DATA)

groups: $(VENV)/train  ## measure films for groups of held-out users (minutes)
	@OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.groups --data $(DATA)

speed: $(BENCH)/bench  ## measure times and sizes beside their goals (minutes)
	$(BENCH)/bin/python -m benchmarks.speed --data $(DATA)

latency: $(VENV)/test  ## measure how long people on Discord wait at 50 commands a second (a minute)
	@OMP_WAIT_POLICY=passive $(BIN)/python -m benchmarks.latency

flood: $(VENV)/test  ## see whether a flood in one server holds up another (a minute and a half)
	@OMP_WAIT_POLICY=passive $(BIN)/python -m benchmarks.flood

load: $(VENV)/test  ## find how many commands a second the bot takes, and see what happens beyond (six minutes)
	@OMP_WAIT_POLICY=passive $(BIN)/python -m benchmarks.load

soak: $(VENV)/test  ## watch the bot's memory over 100,000 commands (twenty minutes)
	@OMP_WAIT_POLICY=passive $(BIN)/python -m benchmarks.load soak

scale: $(BENCH)/bench  ## train on up to 32 million synthetic ratings (half an hour or more)
	$(BENCH)/bin/python -m benchmarks.scale

distributed: $(VENV)/train  ## train by two processes beside one, reckon what a billion ratings take (ten minutes)
	@$(BIN)/python -m benchmarks.distributed

layout: $(VENV)/train  ## measure how well the map keeps similar films near (a minute)
	@OMP_NUM_THREADS=1 $(BIN)/python -m benchmarks.map_layout

docs: $(VENV)/run  ## write docs/api.md anew from the docstrings
	$(BIN)/python -m tools.make_api

pictures: $(VENV)/test  ## draw docs/evening.md's pictures and transcripts anew (needs Chromium)
	$(BIN)/python -m tools.make_pictures
	$(BIN)/python -m tools.make_discord

gallery: $(VENV)/test  ## draw one of every picture into docs/gallery
	$(BIN)/python -m tools.make_gallery

atlas: $(VENV)/run  ## write the map of films as a page to explore, atlas.html
	@$(BIN)/python -m engine atlas --out atlas.html

clean:  ## remove what these commands installed
	rm -rf $(VENV) $(BENCH) *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*## /make \1\t/p' $(MAKEFILE_LIST)

# One stamp for each set of packages, made anew when what it installs has changed. The packages go
# in by the pip of $(PYTHON): a Python without ensurepip can make an environment without pip.
$(VENV)/run: EXTRAS :=
$(VENV)/test: EXTRAS := [test,train]
$(VENV)/lint: EXTRAS := [lint,test,train]
$(VENV)/train: EXTRAS := [train]
$(BENCH)/bench: EXTRAS := [bench,train]
$(VENV)/run $(VENV)/test $(VENV)/lint $(VENV)/train: constraints.txt
$(BENCH)/bench: benchmarks/constraints.txt
$(VENV)/run $(VENV)/test $(VENV)/lint $(VENV)/train $(BENCH)/bench: pyproject.toml
	@test -n "$(PYTHON)" || { echo "Reeltwin needs Python 3.11, 3.12 or 3.13: name one by PYTHON=..." >&2; exit 1; }
	@test -x $(@D)/bin/python || $(PYTHON) -m venv --without-pip $(@D)
	@echo "Installing packages into $(@D); the first time takes a minute or two ..." >&2
	@$(PYTHON) -m pip --python $(@D)/bin/python --disable-pip-version-check install --quiet \
		--constraint $(filter %constraints.txt,$^) --editable '.$(EXTRAS)'
	@touch $@
