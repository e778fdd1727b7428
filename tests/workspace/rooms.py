"""The conversations.* and users.* methods."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.workspace.core import Core
from tests.workspace.errors import SlackError
from tests.workspace.state import Conversation, Json, User


def truthy(value: Any) -> bool:
    """A flag as the SDK sends it: true, 1, "1" or "true"."""
    return str(value).lower() in {"1", "true"}


def page(items: list[Any], args: Json, default: int) -> tuple[list[Any], Json]:
    """One page of a list, and the cursor of the next."""
    start = int(args.get("cursor") or 0)
    end = start + max(1, min(int(args.get("limit") or default), 1000))
    return items[start:end], {"response_metadata": {"next_cursor": str(end) if end < len(items) else ""}}


def describe(core: Core, conversation: Conversation) -> Json:
    """A conversation object."""
    made: Json = {
        "id": conversation.id,
        "is_channel": conversation.kind == "channel",
        "is_group": conversation.kind == "group",
        "is_im": conversation.kind == "im",
        "is_mpim": conversation.kind == "mpim",
        "is_private": conversation.kind != "channel",
        "is_archived": conversation.is_archived,
        "is_member": core.app.bot_user in conversation.members,
        "creator": conversation.creator,
        "context_team_id": core.state.team,
    }
    if conversation.kind == "im":
        others = [user for user in conversation.members if user != core.app.bot_user]
        return made | {"user": others[0] if others else core.app.bot_user}
    return made | {"name": conversation.name, "name_normalized": conversation.name}


def _window(args: Json) -> Callable[[Json], bool]:
    oldest, latest = float(args.get("oldest") or 0), float(args.get("latest") or "inf")
    inclusive = truthy(args.get("inclusive"))

    def within(message: Json) -> bool:
        at = float(message["ts"])
        return oldest < at < latest or (inclusive and at in {oldest, latest})

    return within


def _shown(message: Json, args: Json) -> Json:
    if truthy(args.get("include_all_metadata")):
        return message
    return {key: value for key, value in message.items() if key != "metadata"}


def readable(core: Core, args: Json) -> Conversation:
    conversation = core.visible(args.get("channel"))
    if core.app.bot_user not in conversation.members:
        raise SlackError("not_in_channel")
    return conversation


def history(core: Core, args: Json) -> Json:
    """Newest first, replies left out unless they were broadcast."""
    conversation, within = readable(core, args), _window(args)
    with core.state.condition:
        found = [
            message
            for message in reversed(conversation.messages.values())
            if within(message)
            and (
                message.get("thread_ts", message["ts"]) == message["ts"]
                or "broadcast" in message.get("subtype", "")
            )
        ]
    shown, cursor = page(found, args, 100)
    more = bool(cursor["response_metadata"]["next_cursor"])
    return {"messages": [_shown(one, args) for one in shown], "has_more": more, "pin_count": 0} | cursor


def replies(core: Core, args: Json) -> Json:
    """The thread's parent first, then its replies, oldest first."""
    conversation, within, ts = readable(core, args), _window(args), str(args.get("ts"))
    with core.state.condition:
        if ts not in conversation.messages:
            raise SlackError("thread_not_found")
        found = [
            message
            for message in conversation.messages.values()
            if message["ts"] == ts or (message.get("thread_ts") == ts and within(message))
        ]
    shown, cursor = page(found, args, 1000)
    more = bool(cursor["response_metadata"]["next_cursor"])
    return {"messages": [_shown(one, args) for one in shown], "has_more": more} | cursor


def info(core: Core, args: Json) -> Json:
    return {"channel": describe(core, core.visible(args.get("channel")))}


def members(core: Core, args: Json) -> Json:
    shown, cursor = page(list(core.visible(args.get("channel")).members), args, 100)
    return {"members": shown} | cursor


def list_conversations(core: Core, args: Json) -> Json:
    kinds = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}
    wanted = {kinds[name] for name in str(args.get("types") or "public_channel").split(",") if name in kinds}
    found = [
        describe(core, one)
        for one in core.state.conversations.values()
        if one.kind in wanted
        and (one.kind == "channel" or core.app.bot_user in one.members)
        and not (one.is_archived and truthy(args.get("exclude_archived")))
    ]
    shown, cursor = page(found, args, 100)
    return {"channels": shown} | cursor


def open_conversation(core: Core, args: Json) -> Json:
    if args.get("channel"):
        return {"channel": describe(core, core.visible(args["channel"]))}
    users = args.get("users") or ""
    wanted = users if isinstance(users, list) else [one for one in str(users).split(",") if one]
    if not wanted or any(user not in core.state.users for user in wanted):
        raise SlackError("users_list_not_supplied" if not wanted else "user_not_found")
    made = core.state.direct(core.app.bot_user, *wanted)
    return {"channel": describe(core, made) if truthy(args.get("return_im")) else {"id": made.id}}


def user_object(core: Core, user: User) -> Json:
    """A user, with the mail address only where its scope was granted."""
    profile: Json = {"real_name": user.real_name, "display_name": user.name, "team": core.state.team}
    if user.email and "users:read.email" in core.app.scopes:
        profile["email"] = user.email
    return {
        "id": user.id,
        "team_id": core.state.team,
        "name": user.name,
        "real_name": user.real_name,
        "deleted": user.deleted,
        "is_bot": user.is_bot,
        "tz": user.tz,
        "profile": profile,
    }


def user_info(core: Core, args: Json) -> Json:
    user = core.state.users.get(str(args.get("user")))
    if user is None:
        raise SlackError("user_not_found")
    return {"user": user_object(core, user)}


def user_profile(core: Core, args: Json) -> Json:
    return {"profile": user_info(core, args)["user"]["profile"]}


def list_users(core: Core, args: Json) -> Json:
    shown, cursor = page([user_object(core, user) for user in core.state.users.values()], args, 1000)
    return {"members": shown} | cursor


def lookup_by_email(core: Core, args: Json) -> Json:
    wanted = str(args.get("email") or "").lower()
    for user in core.state.users.values():
        if wanted and user.email.lower() == wanted and not user.deleted:
            return {"user": user_object(core, user)}
    raise SlackError("users_not_found")
