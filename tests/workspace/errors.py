"""What Slack says when it refuses: to the app (SlackError) and to a person (Refused)."""

from __future__ import annotations

from typing import Any


class SlackError(Exception):
    """An answer `{"ok": false, "error": code, ...}` of a Web API method."""

    def __init__(self, code: str, *messages: str, **extra: Any) -> None:
        super().__init__(f"{code} {messages or ''}".strip())
        self.code = code
        self.messages = messages
        self.extra = extra

    def answer(self) -> dict[str, Any]:
        """The body of the answer, with the details where Slack puts them."""
        body: dict[str, Any] = {"ok": False, "error": self.code, **self.extra}
        if self.messages:
            body["errors"] = list(self.messages)
            body["response_metadata"] = {"messages": [f"[ERROR] {message}" for message in self.messages]}
        return body


class Refused(Exception):
    """What a person sees when an action of theirs came to nothing, e.g. `operation_timeout`."""

    def __init__(self, code: str, seconds: float = 0.0, detail: str = "") -> None:
        super().__init__(f"{code} after {seconds:.3f} s {detail}".strip())
        self.code = code
        self.seconds = seconds
        self.detail = detail
