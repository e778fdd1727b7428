"""A workspace with one person and one channel, and the SDK's own client for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from slack_sdk import WebClient

from tests.workspace import Conversation, Person, Workspace


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    with Workspace() as made:
        yield made


@pytest.fixture
def ana(workspace: Workspace) -> Person:
    return workspace.person("ana", name="Ana Ruiz")


@pytest.fixture
def channel(workspace: Workspace, ana: Person) -> Conversation:
    return workspace.channel("msk-pain")


@pytest.fixture
def client(workspace: Workspace) -> WebClient:
    return WebClient(workspace.app.bot_token, base_url=workspace.base_url, timeout=5, retry_handlers=[])
