"""Reads one shared calendar in a process of its own, that can be ended: `python -m bot.busy_read`.

The calendar comes on standard input; out goes JSON: when its owner is busy, or what is wrong with it.
"""

import json
import resource
import sys
from datetime import datetime

from agendas.busy import NotACalendar, read_busy

CPU_SECONDS = 20
MOST_MEMORY = 1 << 30


def main() -> None:
    """Reads what it is given: the owner's zone, and between which moments."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    zone, since, until = sys.argv[1:]
    try:
        found = read_busy(
            sys.stdin.buffer.read(), zone, datetime.fromisoformat(since), datetime.fromisoformat(until)
        )
    except NotACalendar as error:
        sys.stdout.write(json.dumps({"wrong": str(error)}))
        return
    busy = [[each.isoformat() for each in interval] for interval in found]
    sys.stdout.write(json.dumps({"busy": busy}))


if __name__ == "__main__":
    main()
