"""Ask the whole site at random, in one process and a database of its own; exits with 1 after any 5xx."""

import argparse
import os
import sys
import tempfile

from tests import environment


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.random_requests", description=__doc__)
    parser.add_argument("--count", type=int, default=10_000, help="how many requests (10000)")
    parser.add_argument("--seed", type=int, default=1, help="another one sends others (1)")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="clinic-random-", dir=environment.IN_MEMORY) as folder:
        os.environ.update(environment.values(folder))
        statuses, faults = _ask(asked.count, asked.seed)
    for (name, status), count in sorted(statuses.items(), key=str):
        print(f"{name:20} {status} {count:6}")
    for fault in faults[:20]:
        print(f"FAULT {fault}")
    print(f"{asked.count} requests, {len(faults)} faults")
    sys.exit(1 if faults else 0)


def _ask(count, seed):
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import transaction

    from tests.random_requests.run import ask_at_random

    call_command("migrate", verbosity=0)
    with transaction.atomic():
        return ask_at_random(count, seed)


if __name__ == "__main__":
    main()
