"""The soak's report, as it is committed: what was done, on what, and what was lost."""

import os
import platform
from collections.abc import Callable, Sequence
from importlib.metadata import version

from benchmarks.soak.ledger import Told
from benchmarks.soak.run import Outcome

LIBRARIES = ("slack-bolt", "matrix-nio", "matrix-synapse", "sqlalchemy", "psycopg")

INTRODUCTION = """# The soak: what is lost when Baton is killed

Written by `make soak`, not by hand. Real `baton run` processes are killed with SIGKILL at random moments,
also while they start, and once all at the same time over a deadline. Meanwhile six people pass patients
to each other and raise flags on Slack (a loopback workspace) and in an encrypted room of a private Synapse,
and Slack and the homeserver restart, are killed, answer 429 and 500, hang, and do things without saying so.
On SQLite one process runs, spoken to over HTTP; on PostgreSQL two run, in Socket Mode. Once everything has
settled, the database, the channel and the room are compared with what people were told.
"""
CHECKED = """## What is checked

- Who was told that something was done finds it in the database, once; who was told that it was not done
  does not; who was told nothing finds it there whole or not at all.
- Every message that the homeserver took was answered, once.
- The rows of each handoff and flag in the journal lead by allowed moves to the state that it is in, one row
  for each change of its version; `journal verify` finds nothing.
- Each handoff and each flag has one card in each room, which says what its final state would be rendered as;
  private cards show the final state too.
- The bot's messages on both platforms are the posts that were noted as sent, and no others: none twice,
  none missing, none waiting, none given up.
- Nothing that had fallen due was left undone, and nothing was done early.
"""
ROWS: Sequence[tuple[str, Callable[[Outcome], object]]] = (
    ("Bot processes", lambda one: one.processes),
    ("Seed", lambda one: one.plan.seed),
    ("Kills", lambda one: one.kills),
    ("Troubles with Slack or the homeserver", lambda one: one.troubles.total()),
    ("Requests", lambda one: one.told.total()),
    ("… acknowledged as done", lambda one: one.told[Told.DONE]),
    ("… refused, with a sentence", lambda one: one.told[Told.REFUSED]),
    ("… not answered (an error was shown)", lambda one: one.told[Told.NOTHING]),
    ("Reactions to cards", lambda one: one.reactions),
    ("Handoffs", lambda one: one.handoffs),
    ("Flags", lambda one: one.flags),
    ("Steps in their journals", lambda one: one.steps),
    ("Posts and edits sent to Slack", lambda one: one.posts["slack sent"]),
    ("Posts and edits sent to Matrix", lambda one: one.posts["matrix sent"]),
    ("Deadlines that came", lambda one: one.fired),
    ("… the latest seen to after", lambda one: f"{one.latest:.1f} s"),
    ("Time", lambda one: f"{one.seconds / 60:.1f} min"),
    ("… of it to settle at the end", lambda one: f"{one.settling:.0f} s"),
    ("**Lost, doubled or stale**", lambda one: f"**{len(one.wrong)}**"),
)


def report(outcomes: Sequence[Outcome]) -> str:
    """The whole report as Markdown."""
    head = "| | " + " | ".join(one.database for one in outcomes) + " |"
    rule = "|---|" + "---:|" * len(outcomes)
    rows = [f"| {label} | " + " | ".join(str(of(one)) for one in outcomes) + " |" for label, of in ROWS]
    table = "\n".join([head, rule, *rows])
    return "\n".join(
        [INTRODUCTION, f"{_machine()}\n", f"{table}\n", _troubles(outcomes), CHECKED, _wrong(outcomes)]
    )


def _machine() -> str:
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return (
        f"{os.cpu_count()} cores, {pages / 2**30:.0f} GiB of memory, {platform.system()}, "
        f"Python {platform.python_version()}; {libraries}."
    )


def _troubles(outcomes: Sequence[Outcome]) -> str:
    kinds = sorted({kind for one in outcomes for kind in one.troubles})
    lines = [f"- {kind}: {sum(one.troubles[kind] for one in outcomes)}" for kind in kinds]
    return "\n".join(["## What went wrong besides", "", *lines, ""])


def _wrong(outcomes: Sequence[Outcome]) -> str:
    found = [f"- {one.database}: {what}" for one in outcomes for what in one.wrong]
    return "\n".join(["## What was found", "", *(found or ["Nothing was lost, doubled or stale."]), ""])
