"""A link to the message that something is made of: how it is asked for, and read."""

import re
from typing import Any

from cards.form import Kind, ask
from pathway.handoff import Refused

_LINK = re.compile(r"https://[^\s<>\"]+")


def made_of() -> Any:
    """The field for it, which a shortcut, a reaction or a reply fills in."""
    return ask(
        "Message", Kind.WORD, default="", asked=False,
        hint="A link to the message that it comes from: what becomes of that is seen.",
    )  # fmt: skip


def read_link(typed: str) -> str:
    """The link without what a platform adds to it, always the same; "" for none. Raises Refused."""
    if typed and not _LINK.fullmatch(typed):
        raise Refused("A message is named by its link, which begins with https://.")
    return typed.split("?")[0]
