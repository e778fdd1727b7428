"""Files: ask for an address, upload to it, then share what was uploaded.

Slack shares a file after it has answered that it will ("processed asynchronously"): `Core.shares_after` says
how long after. One with alternative text is uploaded and never shared: seen in slackapi/python-slack-sdk#1818
and #1575, both for bots, and held against us here.
"""

from __future__ import annotations

import asyncio
import secrets

from tests.workspace.chat import author, post, writable
from tests.workspace.core import Core
from tests.workspace.errors import SlackError
from tests.workspace.state import Conversation, Json

LONGEST_ALT = 1_000


def get_upload_url(core: Core, args: Json) -> Json:
    if not args.get("filename") or int(args.get("length") or 0) < 1:
        raise SlackError("missing_argument")
    if len(args.get("alt_txt") or "") > LONGEST_ALT:
        raise SlackError("alt_txt_too_large")
    file_id = core.state.new_id("F")
    with core.state.changed():
        core.state.files[file_id] = {
            "id": file_id,
            "name": args["filename"],
            "title": args["filename"],
            "size": int(args["length"]),
            "alt_txt": args.get("alt_txt") or "",
            "user": core.app.bot_user,
            "key": secrets.token_hex(12),
            "content": None,
        }
    key = core.state.files[file_id]["key"]
    return {"upload_url": f"{core.url}/upload/{file_id}/{key}", "file_id": file_id}


def receive(core: Core, file_id: str, key: str, content: bytes) -> None:
    """The bytes, which have to be as long as was announced."""
    with core.state.changed():
        file = core.state.files.get(file_id)
        if file is None or file["key"] != key:
            raise SlackError("file_not_found")
        if len(content) != file["size"]:
            raise SlackError("invalid_length")
        core.state.files[file_id] = {**file, "content": content}


def complete(core: Core, args: Json) -> Json:
    named = args.get("files") or []
    if any((core.state.files.get(one.get("id")) or {}).get("content") is None for one in named) or not named:
        raise SlackError("file_not_found")
    target = args.get("channel_id") or str(args.get("channels") or "").split(",")[0]
    conversation = writable(core, target) if target else None
    thread = str(args.get("thread_ts") or "")
    if conversation is not None and thread:
        _check_root(conversation, thread)
    with core.state.changed():
        for one in named:
            kept = core.state.files[one["id"]]
            core.state.files[one["id"]] = {**kept, "title": one.get("title") or kept["title"]}
    shown = [describe(core, one["id"]) for one in named]
    if conversation is not None and not any(each["alt_txt"] for each in shown):
        message = {**author(core), "text": args.get("initial_comment") or "", "files": shown, "upload": True}
        if core.shares_after:
            loop = asyncio.get_running_loop()
            loop.call_later(core.shares_after, post, core, conversation, message, args)
        else:
            post(core, conversation, message, args)
    return {"files": shown}


def _check_root(conversation: Conversation, thread: str) -> None:
    """Slack: "Never use a reply's ts value; use its parent instead"."""
    parent = conversation.messages.get(thread)
    if parent is not None and parent.get("thread_ts", thread) != thread:
        raise SlackError("invalid_thread_ts")


def describe(core: Core, file_id: str) -> Json:
    """A file object, as the app and the channel see it."""
    file = core.state.files[file_id]
    shown = {key: value for key, value in file.items() if key not in {"key", "content"}}
    return shown | {"url_private": f"{core.url}/files/{file_id}/{file['name']}"}
