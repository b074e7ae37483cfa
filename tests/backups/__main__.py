"""Back up while clients book, restore elsewhere, compare; exits with 1 after a fault."""

import argparse
import sys

from tests.backups.trial import drilled
from tests.verdicts import told


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.backups", description=__doc__)
    parser.add_argument(
        "--seconds", type=float, default=20, help="of booking before and after each backup (20)"
    )
    parser.add_argument("--clients", type=int, default=20, help="who book (20)")
    parser.add_argument("--backups", type=int, default=3, help="one after the other (3)")
    asked = parser.parse_args()
    failed = False
    for kind in ("sqlite", "mariadb"):
        figures, faults = drilled(kind, seconds=asked.seconds, clients=asked.clients, backups=asked.backups)
        failed |= told(kind, figures, faults)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
