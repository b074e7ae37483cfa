"""`make fuzz`: ask the API at random, from its own document, with a key of each scope.

make fuzz                                         as `make test` does
make fuzz ARGS="--database mariadb"               on a private MariaDB
make fuzz ARGS="--examples 500 --seed 7"          longer, and other requests
"""

from __future__ import annotations

import argparse

from tools import mariadb, system, venv
from tools.console import main
from tools.fuzz import trial
from tools.steps import OK, summary


def work() -> int:
    asked = _parse()
    venv.prepare("requirements-dev.txt")
    trial.prepare()
    if asked.database == "sqlite":
        result = trial.held(examples=asked.examples, seed=asked.seed)
    else:
        system.need(system.MYSQL_CLIENT, "to build the MySQL client")
        venv.prepare("requirements-mysql.txt")
        system.need(system.MARIADB, "for a private MariaDB")
        with mariadb.running() as url:
            result = trial.held(url, examples=asked.examples, seed=asked.seed)
    return summary([result], result.seconds, strict=result.verdict != OK)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make fuzz", description="Ask the API at random.")
    parser.add_argument("--database", choices=["sqlite", "mariadb"], default="sqlite")
    parser.add_argument("--examples", type=int, default=trial.EXAMPLES, help="of each operation and phase")
    parser.add_argument("--seed", type=int, default=trial.SEED)
    return parser.parse_args()


if __name__ == "__main__":
    main(work)
