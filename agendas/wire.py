"""An agenda as JSON text, for storage: written in one process, read back in another, perhaps a later one."""

from pydantic import TypeAdapter, ValidationError

from agendas.agenda import Agenda

_AGENDA = TypeAdapter(Agenda)


def dumps(agenda: Agenda) -> str:
    """The agenda as one line of JSON."""
    return _AGENDA.dump_json(agenda).decode()


def loads(text: str) -> Agenda:
    """The agenda that `dumps` wrote. Raises ValueError, without quoting the text, if it is not one."""
    try:
        return _AGENDA.validate_json(text)
    except ValidationError as wrong:
        # What was said about patients must not reach a log through the chain.
        raise ValueError(f"this is not a stored agenda ({wrong.error_count()} faults)") from None
