#!/bin/sh
# A virtual environment of this folder, made anew where it cannot be trusted.
#   tools/venv.sh .venv                        says "sound", or nothing
#   tools/venv.sh .venv requirements-dev.txt   installs that file; its copy in the folder says that this was done
set -eu
venv=$1 wanted=${2-} python=${PYTHON:-python3}

version() { "$1" -c 'import sys; print(sys.version_info[:2])' 2>&1; }

sound() { # no installation was cut short, it was made in this folder, and it starts as the Python that is asked for
    [ ! -e "$venv/unfinished" ] && [ -x "$venv/bin/python" ] && [ -r "$venv/made-in" ] &&
        [ "$(cat "$venv/made-in")" = "$(pwd -P)" ] && [ "$(version "$venv/bin/python")" = "$(version "$python")" ]
}

if [ ! "$wanted" ]; then
    if sound; then echo sound; fi
    exit 0
fi
if command -v flock >/dev/null; then
    exec 9<.
    flock 9 # two at once take turns
fi
trap 'exit 130' INT TERM HUP # leaves "unfinished" behind
if ! sound; then
    tools/system.sh "for a virtual environment" python3-venv
    "$python" -c 'import sys
if sys.version_info < (3, 11):
    sys.exit("Python 3.11 or newer is needed, this is %d.%d: make PYTHON=python3.12 ..." % sys.version_info[:2])'
    echo "Making $venv with $("$python" --version); this takes half a minute or so"
    rm -rf "$venv"
    "$python" -m venv "$venv"
    pwd -P >"$venv/made-in" # its programs name it: elsewhere they would run what is left here
fi
echo "Installing $wanted"
touch "$venv/unfinished"
code=0
"$venv/bin/python" -m pip install -q --no-input --disable-pip-version-check -r "$wanted" 9<&- || code=$?
[ $code -gt 1 ] || rm "$venv/unfinished" # 1: pip could not, and said why
[ $code = 0 ] || exit $code
cp "$wanted" "$venv/$wanted"
