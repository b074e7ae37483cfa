"""How a command that writes everybody's records ends before its time."""

import signal
import sys


def end_in_order() -> None:
    """From now on SIGTERM ends the process as an error does: what was half written goes with it."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
