"""What must be true of what people see: one living card in every room, nothing twice, nothing left."""

from collections import Counter
from collections.abc import Iterator

from benchmarks.soak.evidence import Evidence
from benchmarks.soak.things import card_of
from cards import matrix, slack
from cards.card import Card, Detail
from storage.post import Kind, Lane, Sending
from tests.workspace.reading import seen


def outbox(evidence: Evidence) -> Iterator[str]:
    """Nothing waits and nothing was given up."""
    for post in evidence.posts:
        if post.state in (Sending.WAITING, Sending.SENDING, Sending.FAILED):
            what = f"{post.kind} about {post.subject or 'nothing'}"
            yield f"not delivered on {post.lane.platform}: {what} is {post.state}"


def fresh_messages(evidence: Evidence) -> Iterator[str]:
    """Every post stands on its platform, and the bot's messages there are these posts and no others."""
    taken_back = {post.id for post in evidence.posts if post.state is Sending.VOID}
    for platform, there in (("slack", set(evidence.slack)), ("matrix", set(evidence.matrix))):
        sent = [
            post for post in evidence.posts if post.lane.platform == platform and post.state is Sending.SENT
        ]
        once = Counter(post.message for post in sent if post.kind is not Kind.SHOW)
        yield from (f"{platform}: one message for {n} posts: {name}" for name, n in once.items() if n > 1)
        ids = Counter(_post_id(evidence, platform, name) for name in there)
        yield from (
            f"doubled on {platform}: {n} messages of one post {id}" for id, n in ids.items() if id and n > 1
        )
        names = {post.message for post in sent}
        for name in sorted(names - there):
            yield f"missing on {platform}: {name} was sent, and does not stand there"
        for name in sorted(there - names):
            # What was taken back while it was going out came once, and nobody lived to note that.
            if _post_id(evidence, platform, name) not in taken_back:
                text = _text(evidence, platform, name)[:120]
                yield f"doubled on {platform}: {name} stands there, but was not noted as sent: {text!r}"


def _post_id(evidence: Evidence, platform: str, name: str) -> str:
    """The id of the post that a message is, or is the first part of; "" where it does not say."""
    if platform == "matrix":
        return str(evidence.matrix[name].event.content.get("care.baton.id", ""))
    payload = evidence.slack[name].get("metadata", {}).get("event_payload", {})
    return str(payload.get("id", "")) if payload.get("part") == 1 else ""


def cards(evidence: Evidence) -> Iterator[str]:
    """Every handoff and flag has one card in each of the team's rooms, which shows how it stands now."""
    for ref, thing in evidence.things.items():
        changed_at = evidence.changes[ref][-1].at
        card = card_of(thing, evidence.roster, evidence.definition, changed_at)
        for lane, detail in evidence.rooms.items():
            yield from _card(evidence, ref, lane, card.within(Detail(detail)))
        for (subject, lane), message in evidence.shown.items():
            text = _text(evidence, lane.platform, message)
            if subject == ref and lane.direct and card.title not in text:
                where = f"{lane.platform}, {message}"
                yield f"stale: {ref} in private ({where}) is {text[:60]!r}, not {card.title}"
    yield from _doubled_cards(evidence)


def _card(evidence: Evidence, ref: str, lane: Lane, card: Card) -> Iterator[str]:
    message = evidence.shown.get((ref, lane), "")
    shown = _text(evidence, lane.platform, message)
    wanted = _rendered(card, lane.platform)
    if not shown:
        yield f"missing: {ref} has no card in the {lane.platform} room"
    elif shown != wanted:
        yield f"stale: {ref} in the {lane.platform} room shows {shown!r} instead of {wanted!r}"


def _doubled_cards(evidence: Evidence) -> Iterator[str]:
    """Cards with the same reference in one Slack channel or Matrix room."""
    for lane in evidence.rooms:
        heads: Counter[str] = Counter()
        for name in evidence.slack if lane.platform == "slack" else evidence.matrix:
            text = _text(evidence, lane.platform, name)
            if text.startswith(("H-", "F-")) and " · " in text and _in_room(evidence, lane, name):
                heads[text.partition(" · ")[0]] += 1
        yield from (
            f"doubled: {n} cards of {ref} in the {lane.platform} room" for ref, n in heads.items() if n > 1
        )


def _in_room(evidence: Evidence, lane: Lane, name: str) -> bool:
    if lane.platform == "slack":
        return name.startswith(f"{lane.target}:")
    message = evidence.matrix[name]
    return message.thread is None and name in {post.message for post in evidence.posts if post.lane == lane}


def _rendered(card: Card, platform: str) -> str:
    if platform == "slack":
        return str(seen({"blocks": slack.messages(card)[0].blocks}))
    return str(matrix.contents(card)[0]["body"])


def _text(evidence: Evidence, platform: str, name: str) -> str:
    if platform == "slack":
        return str(seen(evidence.slack[name])) if name in evidence.slack else ""
    return evidence.matrix[name].body if name in evidence.matrix else ""
