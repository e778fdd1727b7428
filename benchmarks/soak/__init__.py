"""Kills running bots again and again, under work and trouble, and then looks for what was lost.

`python -m benchmarks.soak` (which is `make soak`) does it a thousand times and writes
docs/soak-report.md; tests/test_kill.py does it ten times. Nothing here is a stand-in for the bot: the
processes are `baton run`, spoken to through Slack's API on loopback and through a private Synapse.

`town.py` is who and what is there, `crowd.py` what people do, `trouble.py` what goes wrong, `killing.py`
when processes die, `verdict.py` what must be true afterwards.
"""
