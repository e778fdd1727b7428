"""What tests run on: databases, a homeserver, a browser. What can't be had is said at the end of the run."""

import importlib.util
import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import structlog
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, expect, sync_playwright
from structlog.typing import EventDict
from xdist.workermanage import WorkerController

from bot.homeserver import Homeserver
from tests.databases import PostgresqlServer, SqliteFiles
from tests.matrix_homeserver import shared_homeserver
from tests.needs import account, add, noted, require, required
from tests.patience import MILLISECONDS

# What the bots of the tests log is of interest to the tests of logs only, which set it up themselves.
structlog.configure(wrapper_class=structlog.make_filtering_bound_logger("CRITICAL"))

# What is timed is in benchmarks: a machine that is busy makes no test of a property red.
# In CI, where nothing may be skipped, examples are the same in each run: it is red for what has changed.
# Everywhere else each run looks for new ones.
settings.register_profile(
    "untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=bool(required())
)
settings.load_profile("untimed")


@pytest.fixture
def logged() -> Iterator[list[EventDict]]:
    """What is logged during the test, whatever its level."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger("DEBUG"))
    with structlog.testing.capture_logs() as logs:
        yield logs
    structlog.configure(**before)


@pytest.fixture(scope="session")
def sqlite_files(tmp_path_factory: pytest.TempPathFactory) -> SqliteFiles:
    return SqliteFiles(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def _postgresql() -> Iterator[PostgresqlServer | None]:
    try:
        server = PostgresqlServer()
    except psycopg.OperationalError:
        yield None
        return
    yield server
    server.close()


@pytest.fixture
def sqlite_url(sqlite_files: SqliteFiles, tmp_path: Path) -> str:
    """The address of a fresh SQLite database with the schema."""
    require("sqlite")
    return sqlite_files.fresh(tmp_path)


@pytest.fixture
def postgresql_url(_postgresql: PostgresqlServer | None) -> Iterator[str]:
    """The address of a fresh PostgreSQL database with the schema."""
    if _postgresql is None:
        require("postgresql", "no server answers. Start one, or name it in BATON_TEST_POSTGRESQL.")
    else:
        require("postgresql")
        with _postgresql.fresh() as url:
            yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a fresh database with the schema: the test runs once on each kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def homeserver() -> Homeserver:
    """The private Synapse of this test run."""
    missing = "" if importlib.util.find_spec("synapse") else "pip install 'baton-care[homeserver]'"
    require("synapse", missing)
    return shared_homeserver()


@pytest.fixture(scope="module")
def _browser() -> Iterator[Browser | None]:
    """Debian's Chromium, for one module only: while it is open, no other event loop can run in its thread."""
    path = shutil.which("chromium")
    if path is None:
        yield None
        return
    with sync_playwright() as playwright:
        # Without its sandbox, as CI runs as root; it opens nothing but our own pages.
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox"], timeout=MILLISECONDS
        )
        expect.set_options(timeout=MILLISECONDS)
        yield browser
        browser.close()


@pytest.fixture
def browser(_browser: Browser | None) -> Browser:
    """A running Chromium."""
    if _browser is None:
        require("chromium", "it is not installed (apt-get install chromium).")
        raise AssertionError
    require("chromium")
    return _browser


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: WorkerController) -> None:
    # A worker that crashed has left nothing.
    add(*getattr(node, "workeroutput", {}).get("needs", ({}, [])))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    told: dict[str, object] | None = getattr(session.config, "workeroutput", None)  # in xdist's workers
    if told is not None:
        told["needs"] = noted()
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if required() and reporter is not None and reporter.stats.get("skipped") and not session.exitstatus:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.section("what it ran on")
    for line in account():
        terminalreporter.write_line(line)
    if required() and terminalreporter.stats.get("skipped"):
        terminalreporter.write_line("Nothing may be skipped here, so this run has failed.", red=True)
