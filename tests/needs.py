"""What tests need beyond Python: who had it, who went without, and whether going without is allowed.

`BATON_TEST_REQUIRE` names what must be there (`postgresql,chromium,synapse,mail-servers` in CI): a test that
lacks one of these fails, and so does the whole run if anything at all was skipped.
"""

import os
from collections import Counter

import pytest

used: Counter[str] = Counter()
lacked: Counter[tuple[str, str]] = Counter()


def required() -> frozenset[str]:
    """What this run must not go without."""
    return frozenset(os.environ.get("BATON_TEST_REQUIRE", "").replace(",", " ").split())


def require(name: str, missing: str = "") -> None:
    """Note that a test runs on `name`; or, if `missing` says why it can't, skip it or fail it."""
    if not missing:
        used[name] += 1
        return
    lacked[name, missing] += 1
    if name in required():
        pytest.fail(f"{name} is required here: {missing}", pytrace=False)
    pytest.skip(f"needs {name}: {missing}")


def noted() -> tuple[dict[str, int], list[tuple[str, str, int]]]:
    """What this process noted, in plain values that can be passed to another one: the other end is `add`."""
    return dict(used), [(name, why, number) for (name, why), number in lacked.items()]


def add(has: dict[str, int], had_not: list[tuple[str, str, int]]) -> None:
    """Add what another process of this run noted."""
    used.update(has)
    lacked.update({(name, why): number for name, why, number in had_not})


def account() -> list[str]:
    """Plain lines for the end of the run: what ran on what, and what did not run and why."""
    ran = ", ".join(f"{name} ({_tests(n)})" for name, n in sorted(used.items()))
    lines = [f"Ran on: {ran or 'Python alone'}."]
    lines += [f"Not run: {_tests(n)} on {name}: {why}" for (name, why), n in sorted(lacked.items())]
    return lines


def _tests(number: int) -> str:
    return "1 test" if number == 1 else f"{number} tests"
