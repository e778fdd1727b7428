"""The table of Web API methods: what each does, whom it needs, how often it may be called."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.workspace import chat, marks, modals, rooms, uploads
from tests.workspace.core import PLURAL, Core
from tests.workspace.errors import SlackError
from tests.workspace.state import Json

JSON_ARGUMENTS = ("blocks", "attachments", "metadata", "view", "files")


@dataclass(frozen=True)
class Method:
    """One method. `scope` may hold {rooms}: it then depends on the kind of conversation."""

    run: Callable[[Core, Json], Json]
    tier: int = 0  # calls a minute; 0: limited otherwise
    scope: str = ""
    token: str = "bot"


def auth_test(core: Core, args: Json) -> Json:
    app = core.app
    return {
        "url": f"https://{core.state.team.lower()}.slack.com/",
        "team": core.state.team,
        "team_id": core.state.team,
        "user": app.name,
        "user_id": app.bot_user,
        "bot_id": app.bot_id,
        "is_enterprise_install": False,
    }


def open_connection(core: Core, args: Json) -> Json:
    ticket = secrets.token_hex(16)
    core.tickets.add(ticket)
    return {"url": f"{core.url.replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id={core.app.id}"}


METHODS = {
    "auth.test": Method(auth_test),
    "api.test": Method(lambda core, args: {"args": args}, token=""),
    "apps.connections.open": Method(open_connection, 100, "connections:write", token="app"),
    "chat.postMessage": Method(chat.post_message, 0, "chat:write"),
    "chat.postEphemeral": Method(chat.post_ephemeral, 100, "chat:write"),
    "chat.update": Method(chat.update, 50, "chat:write"),
    "chat.delete": Method(chat.delete, 50, "chat:write"),
    "chat.getPermalink": Method(chat.permalink),
    "conversations.history": Method(rooms.history, 50, "{rooms}:history"),
    "conversations.replies": Method(rooms.replies, 50, "{rooms}:history"),
    "conversations.info": Method(rooms.info, 50, "{rooms}:read"),
    "conversations.members": Method(rooms.members, 100, "{rooms}:read"),
    "conversations.list": Method(rooms.list_conversations, 20, "channels:read"),
    "conversations.open": Method(rooms.open_conversation, 50, "im:write"),
    "users.info": Method(rooms.user_info, 100, "users:read"),
    "users.list": Method(rooms.list_users, 20, "users:read"),
    "users.lookupByEmail": Method(rooms.lookup_by_email, 50, "users:read.email"),
    "users.profile.get": Method(rooms.user_profile, 100, "users.profile:read"),
    "views.open": Method(modals.open_view, 100),
    "views.push": Method(modals.push_view, 100),
    "views.update": Method(modals.update_view, 100),
    "views.publish": Method(modals.publish, 100),
    "reactions.add": Method(marks.add_reaction, 50, "reactions:write"),
    "pins.add": Method(marks.add_pin, 20, "pins:write"),
    "files.getUploadURLExternal": Method(uploads.get_upload_url, 100, "files:write"),
    "files.completeUploadExternal": Method(uploads.complete, 100, "files:write"),
}


def decode(args: Json) -> Json:
    """Arguments with their JSON parts read, however they were sent."""
    made = dict(args)
    for name in JSON_ARGUMENTS:
        if isinstance(made.get(name), str) and made[name]:
            try:
                made[name] = json.loads(made[name])
            except ValueError:
                code = "invalid_blocks_format" if name == "blocks" else "invalid_arguments"
                raise SlackError(code, f"{name} is not JSON") from None
    return made


def whose(core: Core, token: str) -> str:
    """Which token this is."""
    names = {core.app.bot_token: "bot", core.app.app_token: "app", "": "none"}
    return names.get(token, "unknown")


def call(core: Core, name: str, args: Json, token: str) -> Json:
    """Carry out a method; SlackError if Slack would refuse."""
    method = METHODS.get(name)
    if method is None:
        raise SlackError("unknown_method", req_method=name)
    who = whose(core, token)
    if method.token and who != method.token:
        wrong = {"none": "not_authed", "unknown": "invalid_auth"}
        raise SlackError(wrong.get(who, "not_allowed_token_type"))
    if method.token == "bot":
        _authorise(core, method, args)
    return {"ok": True, **method.run(core, args)}


def _authorise(core: Core, method: Method, args: Json) -> None:
    scope = method.scope
    if "{rooms}" in scope:
        known: Any = core.state.conversations.get(str(args.get("channel")))
        scope = scope.replace("{rooms}", PLURAL[known.kind] if known else "channels")
    if scope and scope not in core.app.scopes:
        raise SlackError("missing_scope", needed=scope, provided=",".join(sorted(core.app.scopes)))
