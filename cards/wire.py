"""A card as JSON text, for the outbox: written in one process, read back in another, perhaps a later version.

The text is plain ASCII, so that any database column can hold it. Each part carries its kind, because
the kinds share field names.
"""

import base64
import json
from typing import Any

from cards.card import Call, Card, Choice, Detail, Facts, File, Image, Items, Part, Table, Text, Tone
from cards.chart import chart_of, record_of
from cards.paper import paper_of, paper_record

KINDS: dict[type[Part], str] = {
    Text: "text", Facts: "facts", Items: "items", Table: "table", Image: "image", File: "file",
}  # fmt: skip


def dumps(card: Card) -> str:
    """The card as one line of JSON; files are base64, charts and papers their data."""
    record = {
        "title": card.title,
        "parts": [_part_record(part) for part in card.parts],
        "choices": [vars(choice) for choice in card.choices],
        "notice": card.notice,
        "call": vars(card.call),
        "whole": card.whole,
    }
    return json.dumps(record, separators=(",", ":"))


def loads(text: str) -> Card:
    """The card that `dumps` wrote. Raises ValueError, without quoting the text, if it is not one."""
    try:
        record = json.loads(text)
        return Card(
            title=record["title"],
            parts=tuple(_part(each) for each in record["parts"]),
            choices=tuple(Choice(**each) for each in record["choices"]),
            notice=record["notice"],
            call=Call(tuple(record["call"]["members"]), record["call"]["everyone"]),
            whole=record.get("whole", ""),  # not in what an earlier version wrote
        )
    except (KeyError, TypeError, ValueError) as wrong:
        # The text may hold what was written about a patient: it must not reach a log through the chain.
        raise ValueError(f"this is not a stored card ({type(wrong).__name__})") from None


def _part_record(part: Part) -> dict[str, Any]:
    record: dict[str, Any] = {"kind": KINDS[type(part)], **vars(part)}
    if isinstance(part, Image):
        record["png"] = base64.b64encode(part.png).decode("ascii")
        record["chart"] = record_of(part.chart) if part.chart else None
    if isinstance(part, File):
        record["data"] = base64.b64encode(part.data).decode("ascii")
        record["paper"] = paper_record(part.paper) if part.paper else None
    return record


def _part(record: dict[str, Any]) -> Part:
    detail = Detail(record["detail"])
    match record["kind"]:
        case "text":
            return Text(record["text"], Tone(record["tone"]), detail)
        case "facts":
            return Facts(tuple((label, value) for label, value in record["pairs"]), detail)
        case "items":
            return Items(tuple(record["lines"]), record["heading"], detail)
        case "table":
            return Table(tuple(record["head"]), tuple(tuple(row) for row in record["rows"]), detail)
        case "image":
            png = base64.b64decode(record["png"], validate=True)
            # What an earlier version put in line has no charts.
            chart = chart_of(record["chart"]) if record.get("chart") else None
            return Image(png, record["alt"], record["name"], detail, chart)
        case "file":
            data = base64.b64decode(record["data"], validate=True)
            paper = paper_of(record["paper"]) if record["paper"] else None
            return File(record["name"], record["alt"], data, detail, paper)
    raise ValueError("unknown kind of part")
