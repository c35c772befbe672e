#!/bin/sh
# Checks the tools that cannot be installed into the checkout; one line for each that is
# missing or too old. Usage: prerequisites.sh PYTHON [OLDEST_TERRAFORM]
set -u
python=${1:-python3}
oldest_terraform=${2:-1.5}
faults=0

fault() {
    printf 'error: %s\n' "$1" >&2
    faults=$((faults + 1))
    return 1
}

# number TEXT: the digits that it begins with.
number() {
    printf '%s' "${1%%[!0-9]*}"
}

# at_least FOUND WANTED: compares major.minor, whatever follows them.
at_least() {
    major=$(number "$1")
    rest=${1#*.}
    minor=$(number "$rest")
    [ "$major" -gt "${2%%.*}" ] || { [ "$major" -eq "${2%%.*}" ] && [ "$minor" -ge "${2#*.}" ]; }
}

# require NAME FOUND WANTED HINT: FOUND is empty where the tool is missing.
require() {
    case $2 in
    "") fault "$1 $3 or newer is needed and was not found; $4" ;;
    [0-9].[0-9]* | [0-9][0-9].[0-9]*)
        at_least "$2" "$3" || fault "$1 $3 or newer is needed, found $2; $4"
        ;;
    *) fault "$1 $3 or newer is needed and did not tell its version (got '$2'); $4" ;;
    esac
}

# Only the first line of what a tool prints: some greet, or announce a newer version.
python_version=$("$python" -c 'import platform; print(platform.python_version())' 2>/dev/null | sed 1q)
node_version=$(node --version 2>/dev/null | sed -n '1s/^v//;1p')
npm_version=$(npm --version 2>/dev/null | sed 1q)
terraform_version=$(CHECKPOINT_DISABLE=1 terraform version 2>/dev/null | sed -n '1s/^Terraform v//;1p')

require Python "$python_version" 3.11 \
    "get it from https://www.python.org/downloads, or name one that you have: make PYTHON=python3.12 ..." &&
    { "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        fault "$python cannot make virtual environments; install its venv package (Debian and Ubuntu: python3-venv)"; }
require Node.js "$node_version" 20.0 "get it from https://nodejs.org"
require npm "$npm_version" 9.0 "it comes with Node.js: https://nodejs.org"
require Terraform "$terraform_version" "$oldest_terraform" \
    "get it from https://developer.hashicorp.com/terraform/install"

[ "$faults" -eq 0 ]
