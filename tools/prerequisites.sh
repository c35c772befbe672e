#!/bin/sh
# Checks the tools that cannot be installed into the checkout; one line for each that is
# missing or too old. Usage: prerequisites.sh PYTHON
set -u
python=${1:-python3}
faults=0

fault() {
    printf 'error: %s\n' "$1" >&2
    faults=$((faults + 1))
}

# at_least FOUND WANTED: compares major.minor.
at_least() {
    found_major=${1%%.*}
    found_rest=${1#*.}
    found_minor=${found_rest%%.*}
    [ "$found_major" -gt "${2%%.*}" ] ||
        { [ "$found_major" -eq "${2%%.*}" ] && [ "$found_minor" -ge "${2#*.}" ]; }
}

# require NAME FOUND WANTED HINT: FOUND is empty where the tool is missing.
require() {
    case $2 in
    "") fault "$1 $3 or newer is needed and was not found; $4" ;;
    [0-9]*.[0-9]*) at_least "$2" "$3" || fault "$1 $3 or newer is needed, found $2; $4" ;;
    *) fault "$1 $3 or newer is needed and did not tell its version (got '$2'); $4" ;;
    esac
}

require Python "$("$python" -c 'import platform; print(platform.python_version())' 2>/dev/null)" 3.11 \
    "get it from https://www.python.org/downloads, or name one that you have: make PYTHON=python3.12 ..."
require Node.js "$(node --version 2>/dev/null | sed 's/^v//')" 20.0 "get it from https://nodejs.org"
require npm "$(npm --version 2>/dev/null)" 9.0 "it comes with Node.js: https://nodejs.org"
require Terraform \
    "$(CHECKPOINT_DISABLE=1 terraform version 2>/dev/null | sed -n 's/^Terraform v//p')" 1.5 \
    "get it from https://developer.hashicorp.com/terraform/install"
if command -v "$python" >/dev/null 2>&1; then
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        fault "$python cannot make virtual environments; install its venv package (Debian and Ubuntu: python3-venv)"
fi

[ "$faults" -eq 0 ]
