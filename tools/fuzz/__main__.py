"""`make fuzz`: ask the API at random, from its own document, with a key of each scope.

make fuzz                                         as `make test` does
make fuzz ARGS="--database mariadb"               on a private MariaDB
make fuzz ARGS="--examples 500 --seed 7"          longer, and other requests
"""

from __future__ import annotations

import argparse
import signal
import sys

from tools import mariadb
from tools.fuzz import trial
from tools.fuzz.known import Unusable
from tools.starting import NotStarted


def main() -> int:
    asked = _parse()
    # What was started is stopped on the way out.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        if asked.database == "sqlite":
            sound = trial.hold(examples=asked.examples, seed=asked.seed)
        else:
            with mariadb.running() as url:
                sound = trial.hold(url, examples=asked.examples, seed=asked.seed)
    except (NotStarted, Unusable) as error:
        sys.exit(str(error))
    return 0 if sound else 1


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make fuzz", description="Ask the API at random.")
    parser.add_argument("--database", choices=["sqlite", "mariadb"], default="sqlite")
    parser.add_argument("--examples", type=int, default=trial.EXAMPLES, help="of each operation and phase")
    parser.add_argument("--seed", type=int, default=trial.SEED)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
