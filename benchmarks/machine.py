"""What the figures were taken on: enough to judge them by, nothing that names the machine."""

import os
import platform
import sqlite3
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

import psycopg

LIBRARIES = (
    "sqlalchemy", "psycopg", "slack-bolt", "slack-sdk", "matrix-nio", "matrix-synapse", "starlette",
    "uvicorn", "cryptography", "pydantic",
)  # fmt: skip


def describe(postgresql: str) -> list[str]:
    """One line each: processor, memory, disk, load, system, Python, databases, libraries."""
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return [
        f"{os.cpu_count()} cores ({_processor()}), {_memory():.0f} GiB of memory",
        f"{platform.system()} {platform.release()}, {platform.machine()}, {platform.python_implementation()} "
        f"{platform.python_version()}",
        f"Writing 4 KiB so that it survives a power cut: {_sync() * 1000:.2f} ms (median)",
        f"SQLite {sqlite3.sqlite_version} (WAL, synchronous=FULL), PostgreSQL {_postgresql(postgresql)}, "
        "on the same machine",
        libraries,
    ]


def load() -> str:
    """How busy the machine was with everything together, over the last minute."""
    return f"{os.getloadavg()[0]:.1f}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or "unknown"
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "unknown")


def _memory() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


def _sync(tries: int = 50) -> float:
    """The median of the seconds that a small write takes to be safe on disk, where databases are put."""
    taken = []
    with tempfile.TemporaryFile() as file:
        for _ in range(tries):
            began = time.perf_counter()
            file.write(b"\0" * 4096)
            file.flush()
            os.fsync(file.fileno())
            taken.append(time.perf_counter() - began)
    return sorted(taken)[tries // 2]


def _postgresql(address: str) -> str:
    with psycopg.connect(address, connect_timeout=5) as connection:
        found = connection.execute("SHOW server_version").fetchone()
    return str(found[0]).split()[0] if found else "unknown"
