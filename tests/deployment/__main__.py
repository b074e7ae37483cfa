"""Whether it can be installed as is written down, in empty Debians: `python -m tests.deployment [part ...]`.

image      the Dockerfile's own steps, both stages; then its CMD, its HEALTHCHECK, /healthz, /readyz
handbook   docs/installing.md, block by block, under systemd; the first page, the first booking
slow       400 clients that send their headers slowly, before gunicorn alone and before nginx

Needs root on Debian, and its packages. An empty Debian is made once and kept in /var/tmp.
"""

import argparse
import os
import subprocess
import sys
import time

from tests.deployment import handbook, image, slow
from tests.deployment.machine import Failed
from tools.starting import ROOT, NotStarted

PARTS = {"image": image.trial, "handbook": handbook.trial, "slow": slow.trial}
PACKAGES = ["debootstrap", "slirp4netns", "nginx-light", "openssl", "git"]


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.deployment", description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], metavar="part", help=", ".join(PARTS))
    asked = parser.parse_args().parts or list(PARTS)
    if os.geteuid() != 0:
        sys.exit("Machines of their own are made by root: sudo .venv/bin/python -m tests.deployment")
    subprocess.run(["tools/system.sh", "to try the deployment", *PACKAGES], cwd=ROOT, check=True)
    failed = [part for part in asked if not _passes(part)]
    return 1 if failed else 0


def _passes(part):
    begun = time.monotonic()
    print(f"-- {part}", flush=True)
    try:
        for what, seen in PARTS[part]():
            print(f"{what:40} {seen}", flush=True)
    except (Failed, NotStarted) as failed:
        print(f"{part}: FAILED after {time.monotonic() - begun:.0f} s\n{failed}", flush=True)
        return False
    print(f"{part}: ok, {time.monotonic() - begun:.0f} s", flush=True)
    return True


if __name__ == "__main__":
    sys.exit(main())
