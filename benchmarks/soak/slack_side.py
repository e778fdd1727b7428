"""What people do on Slack, through the workspace in its own process, and what they are shown for it."""

import json
import re
import time
from typing import Any

from benchmarks.soak.ledger import TITLE, Said
from tests.workspace.errors import Refused
from tests.workspace.reading import seen
from tests.workspace.remote import Remote

ANSWER_SECONDS = 3.0
FORM_SECONDS = 2.0
HOLDER = re.compile(r"(?:was accepted by|is with|was claimed by|put off until [^.]+ by) (\w+)")


class SlackSide:
    """One team's channel. Calls are made for a person by handle; an error that they saw is no answer."""

    def __init__(self, remote: Remote, channel: str) -> None:
        self.remote = remote
        self.channel = channel

    def slash(self, said: Said, line: str) -> None:
        """Types `/care` and a line in the channel."""
        self._do(said, "slash", command="/care", text=line, channel=self.channel)

    def press(self, said: Said, message: str, label: str, fields: dict[str, str]) -> None:
        """Presses a button of a card; if a form opens, fills in these fields, by label, and sends it.

        Raises LookupError if the card has no such button any more.
        """
        began = time.time()
        if not self._do(said, "press", where=message, which=label) or not fields:
            return
        views = self.remote.workspace("views", person=said.who)
        if views and not said.answer:
            self._do(said, "submit", began, view=views[-1]["id"], fields=fields)
        for view in self.remote.workspace("views", person=said.who):
            self.remote.person(said.who, "close", view=view["id"])

    def since(self, ts: float, who: str = "") -> dict[str, Any]:
        """What came in the channel after a moment: `messages`, and `ephemerals` for this person."""
        found: dict[str, Any] = self.remote.workspace(
            "since", channel=self.channel, ts=f"{ts:.6f}", handle=who
        )
        return found

    def cards(self, ts: float) -> dict[str, str]:
        """Cards that came in the channel after a moment: reference -> ts."""
        found = {}
        for message in self.since(ts)["messages"]:
            if title := TITLE.search(str(seen(message))):
                found[title[1]] = message["ts"]
        return found

    def standing(self, message: str) -> dict[str, object]:
        """How a thing stands by what its card shows: state, holder and whether there is a read-back."""
        shown = self.remote.workspace("seen", where=message)
        text = "\n".join(shown["texts"])
        title, holder = TITLE.search(text), HOLDER.search(text)
        if title is None:
            return {}
        held = holder is not None and "Read back" not in shown["buttons"]
        return {
            "state": title[3].strip(),
            "receiver": holder[1].lower() if holder else "",
            "read_back": held,
        }

    def _do(self, said: Said, act: str, began: float | None = None, **arguments: Any) -> bool:
        """Whether Slack took it; the answer, if there is one, is noted."""
        began = began or time.time()
        try:
            ack = self.remote.person(said.who, act, **arguments)
        except Refused as refusal:
            if refusal.code == "bad_call":
                raise LookupError(refusal.detail) from refusal
            return False  # the person was shown an error; what they asked for may have been done
        body = ack["body"]
        said.heard(_words(body) if body else self._shown(said, began, wait=act != "press"))
        return True

    def _shown(self, said: Said, began: float, wait: bool) -> str:
        """What only this person was shown since; with `wait` it may take a moment to come."""
        deadline = time.monotonic() + (ANSWER_SECONDS if wait else FORM_SECONDS)
        while True:
            shown = "\n".join(str(seen(one)) for one in self.since(began, said.who)["ephemerals"])
            if shown or time.monotonic() > deadline:
                return shown
            if not wait and self.remote.workspace("views", person=said.who):
                return ""
            time.sleep(0.1)


def _words(body: Any) -> str:
    """The texts in the body of an acknowledgement; "" if it only closes or updates a form."""
    if isinstance(body, str):
        return body
    if "response_action" in body:
        return json.dumps(body.get("errors", "")) if body["response_action"] == "errors" else ""
    return str(seen(body))
