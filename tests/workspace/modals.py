"""The views.* methods: modals, a person's stack of them, and the Home tab."""

from __future__ import annotations

import json
import secrets
from typing import Any

from tests.workspace.chat import name_blocks
from tests.workspace.core import Core
from tests.workspace.errors import SlackError
from tests.workspace.limits import VIEW_BYTES, view_errors
from tests.workspace.state import Json, Trigger


def check(view: Any, kind: str) -> Json:
    """The view, if it is one of this kind and within the limits."""
    found = view_errors(view)
    if not found and view["type"] != kind:
        found = [f"must be of type {kind} [json-pointer:/view/type]"]
    if found:
        raise SlackError("invalid_arguments", *found)
    if len(json.dumps(view).encode()) > VIEW_BYTES:
        raise SlackError("view_too_large")
    made: Json = view
    return made


def build(core: Core, view: Json, before: Json | None = None) -> Json:
    """A view as Slack keeps it: with an id, a hash, named blocks and no state yet."""
    made = {
        "private_metadata": "",
        "callback_id": "",
        "external_id": "",
        "clear_on_close": False,
        "notify_on_close": False,
        "submit": None,
        "close": None,
        **view,
        "id": before["id"] if before else core.state.new_id("V"),
        "team_id": core.state.team,
        "app_id": core.app.id,
        "app_installed_team_id": core.state.team,
        "bot_id": core.app.bot_id,
        "hash": f"{int(core.clock.now())}.{secrets.token_hex(4)}",
        "state": {"values": {}},
        "blocks": name_blocks(core, view["blocks"]),
    }
    made["root_view_id"] = before["root_view_id"] if before else made["id"]
    made["previous_view_id"] = before["previous_view_id"] if before else None
    if not before and made["external_id"]:
        used = {one["external_id"] for one in core.state.views.values()}
        if made["external_id"] in used:
            raise SlackError("duplicate_external_id")
    return made


def exchange(core: Core, args: Json) -> Trigger:
    """Use up a trigger: once, and within three seconds."""
    with core.state.changed():
        trigger = core.state.triggers.get(str(args.get("trigger_id")))
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if core.clock.now() - trigger.issued > 3.0:
            raise SlackError("expired_trigger_id")
        trigger.used = True
    return trigger


def show(core: Core, user: str, view: Json, push: bool) -> Json:
    """Put a modal in front of a person: a new stack, or on top of the open one."""
    with core.state.changed():
        stack = core.state.stacks.get(user, []) if push else []
        if push and not stack:
            raise SlackError("not_found")
        if len(stack) >= 3:
            raise SlackError("push_limit_reached")
        made = build(core, view)
        if stack:
            made |= {"root_view_id": stack[0], "previous_view_id": stack[-1]}
        for old in [] if push else core.state.stacks.get(user, []):
            core.state.views.pop(old, None)
        core.state.views[made["id"]] = made
        core.state.stacks[user] = [*stack, made["id"]]
    return made


def change(core: Core, old: Json, view: Json) -> Json:
    """A new version of an open modal."""
    with core.state.changed():
        made = build(core, view, old)
        core.state.views[old["id"]] = made
    return made


def open_view(core: Core, args: Json) -> Json:
    view = check(args.get("view"), "modal")
    return {"view": show(core, exchange(core, args).user, view, push=False)}


def push_view(core: Core, args: Json) -> Json:
    view = check(args.get("view"), "modal")
    return {"view": show(core, exchange(core, args).user, view, push=True)}


def update_view(core: Core, args: Json) -> Json:
    view = check(args.get("view"), "modal")
    with core.state.condition:
        old = core.state.views.get(str(args.get("view_id")))
        if old is None and args.get("external_id"):
            named = [one for one in core.state.views.values() if one["external_id"] == args["external_id"]]
            old = named[0] if named else None
        if old is None:
            raise SlackError("not_found")
        if args.get("hash") and args["hash"] != old["hash"]:
            raise SlackError("hash_conflict")
        return {"view": change(core, old, view)}


def publish(core: Core, args: Json) -> Json:
    view, user = check(args.get("view"), "home"), str(args.get("user_id"))
    if user not in core.state.users:
        raise SlackError("user_not_found")
    with core.state.changed():
        old = core.state.homes.get(user)
        if args.get("hash") and old and args["hash"] != old["hash"]:
            raise SlackError("hash_conflict")
        made = build(core, view, old)
        core.state.homes[user] = made
        core.state.views[made["id"]] = made
    return {"view": made}
