"""What `baton doctor` says of the pathway, the templates, and HTTP."""

import asyncio
import socket
from pathlib import Path

import pytest

from agendas.template import faults
from bot.config import Settings
from bot.doctor import examine
from bot.http_check import check_http
from bot.pathway_check import check_pathway
from handlers.definition.post import take_up
from pathway.definition import shipped, shipped_text
from storage.clinic import Store
from tests.test_app import START, app_on_paper, settings_of

SIGN = "Let the clinical lead sign its times off: `signed_off` in the definition."
SIGNED = 'signed_off = "Dr Synthia Testcase, 1 March 2031"'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The definition we ship, signed off, with a lower threshold for insomnia, in a file."""
    text = shipped_text().replace('{ score = "ISI", at_least = 15,', '{ score = "ISI", at_least = 14,')
    (tmp_path / "own.toml").write_text(text.replace('signed_off = ""', SIGNED), "utf-8")
    return tmp_path / "own.toml"


def test_before_the_first_start_the_configured_pathway_is_looked_at(
    sqlite_url: str, tmp_path: Path, file: Path
) -> None:
    name = shipped().name
    assert list(check_pathway(settings_of(tmp_path, sqlite_url))) == [
        (False, f"pathway {name}, version 1, as configured, not signed off", SIGN)
    ]
    assert list(check_pathway(settings_of(tmp_path, sqlite_url, file))) == [
        (True, f"pathway {name}, version 1, as configured, signed off", "")
    ]
    nothing = settings_of(tmp_path, f"sqlite:///{tmp_path}/empty.db")
    assert list(check_pathway(nothing)) == list(check_pathway(settings_of(tmp_path, sqlite_url)))


def test_afterwards_what_is_in_force_counts_and_a_file_that_differs_is_said(
    database_url: str, tmp_path: Path, file: Path
) -> None:
    name, settings = shipped().name, settings_of(tmp_path, database_url)
    store = Store(database_url, settings.keyring(), shipped())
    take_up(store, shipped_text(), START)
    store.close()
    in_force = (False, f"pathway {name}, version 1, in force, not signed off", SIGN)
    assert list(check_pathway(settings)) == [in_force]
    assert list(check_pathway(settings_of(tmp_path, database_url, file))) == [
        in_force,
        (
            True,
            f"{file} differs from what is in force",
            f"What is in force counts; `baton pathway diff {file}` says more.",
        ),
    ]
    file.write_text("version = 1", "utf-8")
    ((ok, what, mend),) = check_pathway(settings_of(tmp_path, database_url, file))
    assert (ok, what) == (False, "the pathway definition is refused")
    assert "own.toml" in mend


def test_a_release_whose_pathway_is_not_the_one_in_force_says_so(
    sqlite_url: str, tmp_path: Path, file: Path
) -> None:
    settings = settings_of(tmp_path, sqlite_url)
    store = Store(sqlite_url, settings.keyring(), shipped())
    take_up(store, file.read_text("utf-8"), START)
    store.close()
    assert list(check_pathway(settings)) == [
        (True, f"pathway {shipped().name}, version 1, in force, signed off", ""),
        (
            True,
            "the pathway that comes with this Baton differs from what is in force",
            "What is in force counts; `pathway show` in chat, where it may be proposed, says more.",
        ),
    ]


def at(port: int, url: str = "") -> Settings:
    """Settings of a bot that is served at this port, and reached at an address if that is said."""
    return Settings(http_port=port, **({"base_url": url} if url else {}))  # type: ignore[arg-type]


def test_beside_a_running_baton_its_port_is_as_it_should_be(tmp_path: Path, sqlite_url: str) -> None:
    async def scene() -> None:
        app, _, _ = app_on_paper(tmp_path, sqlite_url)
        async with app.running(ticking=False):
            found = await asyncio.to_thread(lambda: next(check_http(at(app.port))))
            assert found == (True, f"Baton runs at 127.0.0.1:{app.port}, and its health page answers", "")

    asyncio.run(scene())


def test_a_port_that_something_else_took_is_wrong() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert next(check_http(at(port))) == (
            False,
            f"127.0.0.1:{port} can't be listened at (OSError)",
            "Something else listens there, or the address is not this machine's: see BATON_HTTP_PORT.",
        )
    assert next(check_http(at(0))) == (True, "127.0.0.1:0 is free for the health page", "")


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://baton.example.org/", (True, "links to its pages begin with https://baton.example.org", "")),
        ("http://localhost:8000", (True, "links to its pages begin with http://localhost:8000", "")),
        (
            "http://baton.example.org",
            (
                False,
                "http://baton.example.org does not begin with https, so no links to pages can be given out",
                "Put Baton behind https, and set BATON_BASE_URL to the address that begins with https://.",
            ),
        ),
        (
            "",
            (
                True,
                "nobody said where Baton is reached from outside",
                "Only links to its pages need that: for them set BATON_BASE_URL to its https address.",
            ),
        ),
    ],
)
def test_how_baton_is_reached_from_outside(url: str, found: tuple[bool, str, str]) -> None:
    assert list(check_http(at(0, url)))[1] == found


def test_each_template_is_read(tmp_path: Path, sqlite_url: str) -> None:
    own, north = tmp_path / "own", tmp_path / "own" / "T-1"
    north.mkdir(parents=True)
    (own / "agenda.txt.j2").write_text("{{ ref }}", "utf-8")
    settings = settings_of(tmp_path, sqlite_url).model_copy(update={"templates": own})

    def said() -> list[tuple[bool, str]]:
        found = asyncio.run(examine(settings))
        return [(each.ok, each.what) for each in found if "template" in each.what]

    assert said() == [(True, "the templates in BATON_TEMPLATES can be read")]
    (own / "minutes.txt.j2").write_text("1\n{% if ref %}\n", "utf-8")
    (north / "agenda.html.j2").write_bytes(b"\xff\xfe")
    assert said() == [
        (False, "The template minutes.txt.j2, line 2 can't be used: TemplateSyntaxError."),
        (False, "The template T-1/agenda.html.j2 can't be used: UnicodeDecodeError."),
    ]
    assert list(faults(north)) == ["The template agenda.html.j2 can't be used: UnicodeDecodeError."]
