"""How long tests wait for what must come."""

PATIENCE = 60.0
"""Seconds. Only a test that is red waits so long; a machine that is busy makes none red before."""

MILLISECONDS = PATIENCE * 1000
"""The same, as browsers count."""
