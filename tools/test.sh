#!/usr/bin/env bash
# `make test`: every part of the suite, then what became of each. It passes only where all of them ran.
#   tools/test.sh [pytest's arguments]
set -u
arguments=$* table=() missing=() failed=0
exec 3>&1

tell() { table+=("$(printf '%-20s %-8s %7s' "$@")"); }

can() { # a part of the suite, and the targets of what it needs: whether that can be had
    local part=$1 said
    shift
    said=$($MAKE "$@" 2>&1 >&3) && return
    tell "$part" "NOT RUN" -
    missing+=("$part. $(grep -v '^make' <<<"$said" | tail -n 1)")
    return 1
}

run() { # a part of the suite, and its target
    local part=$1 begun=$SECONDS verdict=ok
    printf '\n-- %s\n' "$part"
    shift
    $MAKE "$@" || verdict=FAILED failed=1
    tell "$part" $verdict $((SECONDS - begun))
}

driver=.venv/requirements-mysql.txt fuzzer=.venv-schemathesis/requirements-schemathesis.txt
can "tests in a browser" browser || arguments="--without-browser $arguments"
can "tests on MariaDB" $driver mariadb && mariadb=yes
run "lint" lint
can "API as documented" $fuzzer && run "API as documented" fuzz ARGS=
run "tests on SQLite" test-sqlite ARGS="$arguments"
[ "${mariadb-}" ] && run "tests on MariaDB" test-mariadb ARGS="$arguments"

printf '\n'
for each in "${missing[@]}"; do printf '!! NOT RUN: %s\n' "$each"; done
[ ${#missing[@]} = 0 ] || failed=1
printf '%-20s %-8s %7s\n' part result seconds
printf '%s\n' "${table[@]}"
[ $failed = 0 ] && tell "all of it" ok $SECONDS || tell "all of it" FAILED $SECONDS
printf '%s\n' "${table[-1]}"
exit $failed
