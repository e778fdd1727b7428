"""A person in the workspace: everything someone can do in Slack that an app hears of.

Every interaction waits for the app's acknowledgement and gives it back with the seconds it took; when
it doesn't come in time the person sees an error, and `Refused` is raised. Messages and views may be
given as the dictionaries that were read from the workspace, or by ts and id.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NoReturn

from tests.workspace import modals, responses
from tests.workspace.account import Account
from tests.workspace.courier import Ack
from tests.workspace.errors import Refused, SlackError
from tests.workspace.filling import field_of, missing, state_values, value_of
from tests.workspace.reading import pick
from tests.workspace.records import Room
from tests.workspace.state import Conversation, Json, User

if TYPE_CHECKING:
    from tests.workspace.workspace import Workspace


class Person(Account):
    """Someone with an account. Acts through the workspace; `errors` are what was shown to them."""

    def __init__(self, workspace: Workspace, user: User) -> None:
        super().__init__(workspace, user)
        self.errors: list[Refused] = []
        self._drafts: dict[str, dict[tuple[str, str], Json]] = {}

    def slash(self, command: str, text: str, channel: Room) -> Ack:
        """Type a slash command. What the app says in its ack appears in the channel."""
        conversation = self._room(channel)
        names = {"group": "privategroup", "im": "directmessage"}
        payload = {
            **self._token(),
            "team_id": self._workspace.team,
            "team_domain": self._workspace.team.lower(),
            "channel_id": conversation.id,
            "channel_name": names.get(conversation.kind, conversation.name),
            "user_id": self.id,
            "user_name": self.name,
            "command": command,
            "text": text,
            "is_enterprise_install": "false",
            "response_url": self._response_url(conversation),
            "trigger_id": self._core.state.new_trigger(self.id),
        }
        ack = self._send("slash_commands", payload)
        body = {"text": ack.body} if isinstance(ack.body, str) else ack.body
        if body:
            try:
                responses.answer(self._core, conversation.id, self.id, body)
            except SlackError as wrong:
                raise self._shown(Refused("invalid_command_response", ack.seconds, str(wrong))) from wrong
        return ack

    def press(self, where: Json | str, which: str) -> Ack:
        """Press a button, named by its label, action_id or value, in a message, modal or Home tab."""
        return self._act(where, which, None)

    def choose(self, where: Json | str, which: str, value: Any) -> Ack:
        """Choose in a menu, date picker, or set of ticks that stands outside a form."""
        return self._act(where, which, value)

    def _act(self, where: Json | str, which: str, value: Any) -> Ack:
        place = self._workspace.place(where)
        block, element = pick(place, which)
        action: Json = {
            key: element[key] for key in ("action_id", "type", "text", "value", "style") if key in element
        }
        action |= {"block_id": block["block_id"], "action_ts": self._core.state.new_ts()}
        if element["type"] != "button":
            entered = value_of(element, value)
            self._draft(place)[block["block_id"], element["action_id"]] = entered
            action |= entered
        payload = {**self._who("block_actions"), **self._where(place), "actions": [action]}
        return self._send("interactive", payload)

    def suggest(self, where: Json | str, which: str, typed: str) -> Ack:
        """Type into an external menu; the ack carries the options."""
        place = self._workspace.place(where)
        block, element = field_of(place, which) if place.get("type") == "modal" else pick(place, which)
        asked = {"action_id": element["action_id"], "block_id": block["block_id"], "value": typed}
        return self._send("interactive", {**self._who("block_suggestion"), **self._where(place), **asked})

    def submit(self, view: Json | str, fields: Mapping[str, Any] | None = None) -> Ack:
        """Fill in a modal, fields named by label, block_id or action_id, and submit it."""
        open_view = self._workspace.place(view)
        drafts = self._draft(open_view)
        for name, answer in (fields or {}).items():
            block, element = field_of(open_view, name)
            drafts[block["block_id"], element["action_id"]] = value_of(element, answer)
        shown = self._with_state(open_view)
        empty = missing(shown, shown["state"]["values"])
        if empty:
            raise self._shown(Refused("required_field", detail=", ".join(empty)))
        payload = {**self._who("view_submission"), "view": shown, "response_urls": []}
        ack = self._send("interactive", payload)
        self._after_submission(open_view, ack)
        return ack

    def _after_submission(self, view: Json, ack: Ack) -> None:
        """What the app's answer does to the open modals."""
        state, action = self._core.state, ack.response_action
        try:
            if action == "errors":
                unknown = ack.errors.keys() - {block["block_id"] for block in view["blocks"]}
                if unknown or not ack.errors:
                    self._broken_answer(ack, f"no block {sorted(unknown)}")
            elif action == "update":
                modals.change(self._core, view, modals.check(ack.body.get("view"), "modal"))
            elif action == "push":
                modals.show(self._core, self.id, modals.check(ack.body.get("view"), "modal"), push=True)
            else:
                with state.changed():
                    stack = state.stacks.get(self.id, [])
                    kept = [] if action == "clear" else [one for one in stack if one != view["id"]]
                    for gone in set(stack) - set(kept):
                        state.views.pop(gone, None)
                    state.stacks[self.id] = kept
        except SlackError as wrong:
            self._broken_answer(ack, str(wrong))

    def close(self, view: Json | str) -> Ack | None:
        """Close a modal; the app is told only if it asked for that."""
        shown = self._with_state(self._workspace.place(view))
        with self._core.state.changed():
            stack = self._core.state.stacks.get(self.id, [])
            self._core.state.stacks[self.id] = [one for one in stack if one != shown["id"]]
            self._core.state.views.pop(shown["id"], None)
        if not shown["notify_on_close"]:
            return None
        return self._send("interactive", {**self._who("view_closed"), "view": shown, "is_cleared": False})

    def shortcut(self, callback_id: str, message: Json | str | None = None) -> Ack:
        """A shortcut from the menu of a message, or a global one."""
        payload = {"callback_id": callback_id, "action_ts": self._core.state.new_ts()}
        if message is None:
            return self._send("interactive", {**self._who("shortcut"), **payload})
        conversation, found = self._workspace.find(message)
        payload |= {"message_ts": found["ts"], "response_url": self._response_url(conversation)}
        where = {"channel": {"id": conversation.id, "name": conversation.name}, "message": found}
        return self._send("interactive", {**self._who("message_action"), **payload, **where})

    def open_home(self) -> None:
        """Look at the app's Home tab."""
        event = {"type": "app_home_opened", "user": self.id, "channel": self.im.id, "tab": "home"}
        view = self._core.state.homes.get(self.id)
        self._core.emit(event | {"event_ts": self._core.state.new_ts()} | ({"view": view} if view else {}))

    # --- how it is put ---

    def _token(self) -> Json:
        return {"token": "verification", "api_app_id": self._core.app.id}

    def _response_url(self, conversation: Conversation, ts: str | None = None) -> str:
        return str(self._core.url + self._core.state.new_response_url(self.id, conversation.id, ts))

    def _who(self, kind: str) -> Json:
        user = {"id": self.id, "username": self.name, "name": self.name, "team_id": self._workspace.team}
        return {
            "type": kind,
            **self._token(),
            "user": user,
            "team": {"id": self._workspace.team, "domain": self._workspace.team.lower()},
            "enterprise": None,
            "is_enterprise_install": False,
            "trigger_id": self._core.state.new_trigger(self.id),
        }

    def _where(self, place: Json) -> Json:
        """Container, state and the rest of what says where an action happened."""
        if place["type"] in {"modal", "home"}:
            return {"container": {"type": "view", "view_id": place["id"]}, "view": self._with_state(place)}
        conversation = self._workspace.conversation_of(place)
        ephemeral = bool(place.get("is_ephemeral"))
        container = {"type": "message", "message_ts": place["ts"], "channel_id": conversation.id}
        made: Json = {
            "container": container | {"is_ephemeral": ephemeral},
            "channel": {"id": conversation.id, "name": conversation.name or "directmessage"},
            "state": {"values": state_values(place, self._draft(place))},
            "response_url": self._response_url(conversation, place["ts"]),
        }
        if place.get("thread_ts"):
            made["container"]["thread_ts"] = place["thread_ts"]
        return made if ephemeral else made | {"message": place}

    def _draft(self, place: Json) -> dict[tuple[str, str], Json]:
        return self._drafts.setdefault(place.get("id") or place["ts"], {})

    def _with_state(self, view: Json) -> Json:
        return {**view, "state": {"values": state_values(view, self._draft(view))}}

    def _send(self, kind: str, payload: Json) -> Ack:
        ack = self._workspace.send(kind, payload)
        if ack.error:
            raise self._shown(Refused(ack.error, ack.seconds, ack.reason))
        return ack

    def _broken_answer(self, ack: Ack, detail: str) -> NoReturn:
        raise self._shown(Refused("invalid_response_action", ack.seconds, detail))

    def _shown(self, wrong: Refused) -> Refused:
        self.errors.append(wrong)
        return wrong
