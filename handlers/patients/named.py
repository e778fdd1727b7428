"""What most commands about a patient ask: which one."""

from dataclasses import dataclass

from cards.form import Kind, ask


@dataclass(frozen=True)
class Named:
    """A patient by code."""

    patient: str = ask("Patient", Kind.PATIENT, example="P-7K3K")
