"""The demonstration in Matrix: somebody signs in with what it prints, and works with the team."""

import os
from contextlib import AsyncExitStack
from pathlib import Path

from bot.demo import demo_settings
from bot.demo_matrix import MatrixDemo, matrix_demo
from tests.matrix_homeserver import scratch_folder
from tests.matrix_loop import run
from tests.matrix_person import MatrixPerson
from tests.needs import require


class Demo:
    """A demonstration that runs until it is closed."""

    def __init__(self, folder: Path) -> None:
        self._rest = AsyncExitStack()
        self.shown: MatrixDemo = run(self._rest.enter_async_context(matrix_demo(demo_settings(folder, 0))))

    def person(self, handle: str) -> MatrixPerson:
        return MatrixPerson(self.shown.url, self.shown.accounts[handle], self.shown.password).login()

    def close(self) -> None:
        run(self._rest.aclose())


def test_the_team_works_in_encrypted_rooms_and_is_there_again_next_time() -> None:
    require("synapse")
    folder = scratch_folder()
    demo = Demo(Path(os.path.relpath(folder)))  # as `baton demo --matrix` names it
    first, second = demo.shown.rooms.values()
    ana = demo.person("ana")
    ana.wait_until(
        lambda: ana.knows(first, encrypted=True) and ana.knows(second, encrypted=True), "the rooms"
    )
    ana.wait_until(lambda: "@baton:localhost" in ana.members(first) & ana.members(second), "Baton")
    ana.say(first, "!care team show")
    ana.wait_until(lambda: "Bo Lindqvist" in ana.transcript(first), "the roster")
    shown = demo.shown
    ana.close()
    demo.close()

    again = Demo(folder)
    assert (again.shown.rooms, again.shown.password) == (shown.rooms, shown.password)
    ana = again.person("ana")
    ana.wait_until(lambda: "@baton:localhost" in ana.members(second), "Baton")
    ana.say(second, "!care mine")
    ana.wait_until(lambda: "Nothing waits for you" in ana.transcript(second), "an answer")
    ana.close()
    again.close()
