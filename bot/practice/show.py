"""Messages, answers and people of the practice page as JSON, for the page and for people's own scripts."""

import dataclasses
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from bot.practice.people import PLATFORM, Person
from cards.card import Card
from cards.form import Form
from cards.page import card_html, form_html
from cards.plain import plain
from cards.wire import dumps
from storage.clinic import Clinic
from storage.practice import Message

SAY = "/practice/say"


def message_json(message: Message, people: Mapping[str, Person]) -> dict[str, Any]:
    """A message. `author` is "" for Baton, `only` is "" for all, `edited` is null while it was not edited."""
    said = message.said
    card = said.card
    return {
        "id": message.id,
        "number": message.number,
        "change": message.changed,
        "room": message.room,
        "only": message.only,
        "author": message.author,
        "at": message.at.isoformat(),
        "edited": message.edited_at.isoformat() if message.edited_at else None,
        "text": plain(card) if card else said.text,
        "title": card.lock_screen if card else said.text,
        "card": card_json(card) if card else None,
        "html": card_html(card, SAY) if card else "",
        "asked": said.asked,
        "calls": ["everyone"] if said.everyone else [_name(each, people) for each in said.called],
        "reactions": [[each.reaction, each.label] for each in card.choices if each.reaction] if card else [],
    }


def card_json(card: Card) -> Any:
    """A card: its title, parts and choices, as they are stored."""
    return json.loads(dumps(card))


def form_json(form: Form, form_id: str) -> dict[str, Any]:
    """A form: its questions, what was typed and what was wrong, and the same as HTML with ids of its own."""
    return {
        "command": form.command,
        "title": form.title,
        "intro": form.intro,
        "fields": [dataclasses.asdict(field) for field in form.fields],
        "values": form.values,
        "errors": form.errors,
        "html": form_html(form, SAY, form_id=form_id),
    }


def people_json(people: Iterable[Person], clinic: Clinic, now: datetime) -> list[dict[str, Any]]:
    """Everybody on the page: their role, whether they are away, and the patients in their care."""
    return [_person(person, clinic, now) for person in people]


def _person(person: Person, clinic: Clinic, now: datetime) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "as": person.handle,
        "name": person.name,
        "role": "",
        "away": False,
        "patients": [],
    }
    member = clinic.people.by_account(PLATFORM, person.handle)
    if member is None:
        return shown
    for team in clinic.people.teams_of(member.id):
        roster = clinic.people.roster(team)
        role = clinic.definition.role(roster.role(member.id))
        shown["role"] = role.label if role else ""
        shown["away"] = roster.away(member.id, now) is not None
        shown["patients"] += [
            {"code": each.code, "name": each.name} for each in clinic.patients.seen_by(member.id, team)
        ]
    return shown


def _name(account: str, people: Mapping[str, Person]) -> str:
    return people[account].name if account in people else account
