"""One question of a form as a card, for platforms where forms are filled in by talking."""

from cards.card import Card, Items, Part, Text, Tone
from cards.form import Form, Kind


def question(form: Form, name: str) -> Card:
    """The question for one field: what went wrong before it, what may be answered, and how to leave."""
    names = [field.name for field in form.fields]
    field = form.fields[names.index(name)]
    parts: list[Part] = []
    if name in form.errors:
        parts.append(Text(form.errors[name], Tone.WARNING))
    if field.hint:
        parts.append(Text(field.hint))
    if field.options:
        parts.append(Items(tuple(f"{at}. {each.label}" for at, each in enumerate(field.options, start=1))))
    elif field.example and field.kind is not Kind.LONG:
        parts.append(Text(f"For example: {field.example}", Tone.QUIET))
    if name in form.values:
        parts.append(Text(f"So far: {form.values[name]}", Tone.QUIET))
    elif field.default:
        parts.append(Text(f"If you skip this: {field.default}", Tone.QUIET))
    skip = [] if field.required and name not in form.values else ["`skip`"]
    back = ["`back`"] if names.index(name) else []
    ways = ["Answer here", *skip, *back, "`cancel`"]
    parts.append(Text(" · ".join(ways), Tone.QUIET))
    where = f"({names.index(name) + 1} of {len(names)})"
    return Card(f"{form.title} {where}: {field.label}", tuple(parts))
