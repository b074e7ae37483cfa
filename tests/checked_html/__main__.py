"""Every page that the tests of views and accounts are answered, before the Nu HTML checker: some minutes.

.venv/bin/python -m tests.checked_html                                    all of them
.venv/bin/python -m tests.checked_html tests/views/desk/find -k usual     some

Needs Java and npm, which carries the checker.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

CHECKER = "vnu-jar@26.9.27"
KEPT = Path(".venv/vnu")
PAGES = ["tests/views", "tests/accounts", "tests/admin"]
# What Django's own back office does, and what somebody typed into a field of numbers.
KNOWN = [
    r"_?admin_.*No “p” element in scope but a “p” end tag seen",
    r"_?admin_.*Attribute “disabled” not allowed on element “div”",
    r"_?admin_.*A table row was 2 columns wide",
    r"Bad value “[^”]*” for attribute “value” on element “input”",
    r"Year may be mistyped",
]


def main(asked):
    subprocess.run(["tools/system.sh", "for the HTML checker", "default-jre-headless", "npm"], check=True)
    jar = checker()
    with tempfile.TemporaryDirectory() as folder:
        tests = [sys.executable, "-m", "pytest", "-q", "-n2", "-p", "tests.checked_html.saving"]
        subprocess.run([*tests, *(asked or PAGES)], env={**os.environ, "PAGES": folder}, check=True)
        pages = len(list(Path(folder).iterdir()))
        said = complaints(jar, folder)
    for line, times in said.most_common():
        print(f"{times:5}  {line}")
    print(f"{pages} pages, {sum(said.values())} complaints")
    return 1 if said or not pages else 0


def checker():
    jar = KEPT / CHECKER / "package/build/dist/vnu.jar"
    if not jar.exists():
        folder = KEPT / CHECKER
        folder.mkdir(parents=True, exist_ok=True)
        pack = subprocess.run(
            ["npm", "pack", "--silent", CHECKER], cwd=folder, check=True, stdout=subprocess.PIPE, text=True
        )
        subprocess.run(["tar", "xzf", pack.stdout.split()[-1]], cwd=folder, check=True)
    return jar


def complaints(jar, folder):
    """What the checker says, once for each kind of page, and how often."""
    run = subprocess.run(
        ["java", "-jar", jar, "--format", "gnu", "--skip-non-html", folder],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    found = Counter()
    for line in run.stdout.splitlines():
        page, _, said = line.removeprefix(f'"file:{folder}/').partition('.html":')
        page = re.sub(
            r"[0-9a-f]{8}-[0-9a-f-]{27}|k[0-9a-f]{24}", "…", page.partition("-")[2].partition("-")[2]
        )
        text = f"{page}: {said.partition(': ')[2]}"
        if not any(re.search(known, text) for known in KNOWN):
            found[text] += 1
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
