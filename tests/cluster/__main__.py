"""Run the trials of a cluster and say how they went; exits with 1 where something was wrong."""

import argparse
import sys

from tests.cluster import trial, two_writers
from tests.verdicts import told


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.cluster", description=__doc__)
    parser.add_argument("--seconds", type=int, default=45, help="how long each trial lasts (45)")
    parser.add_argument("--only", default="", help="a part of the name of the trial to run")
    asked = parser.parse_args()
    failed = False
    for name, attempt in TRIALS.items():
        if asked.only not in name:
            continue
        failed |= told(name, *attempt(asked.seconds))
    sys.exit(1 if failed else 0)


TRIALS = {
    "the writer dies and joins again": trial.a_writer_dies,
    "hours changed at two nodes at once": two_writers.hours_at_two_nodes,
    "one visit changed at two nodes at once": two_writers.one_visit_at_two_nodes,
}

if __name__ == "__main__":
    main()
