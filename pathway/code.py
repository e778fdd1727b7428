"""Patient codes such as `P-7K3K`: what a channel calls a patient, so that a slip of the finger names nobody.

After `P-` come data characters and one check character, all from the digits 2 to 9 and the 21
consonants. Without vowels a code has no O or I to take for 0 or 1, and cannot become a word that
nobody should be called.
"""

import re
from random import Random

from stdnum.iso7064 import mod_37_2

ALPHABET = "23456789BCDFGHJKLMNPQRSTVWXYZ"
"""29 characters. That this is a prime is what lets the check see every slip named in `read_code`."""

LENGTHS = range(4, 9)
"""How many characters may follow `P-`, the check character counted."""

_AROUND = " \t\r\n\"'`*_()[]{}<>.,;:!?“”‘’«»"
_WITHIN = re.compile(r"[\s\-‐‑‒–—−]+")


class BadCode(ValueError):
    """A text is no patient's code. Its str is one sentence to show; it never repeats what was typed.

    What was typed where a code belongs may be a name, and the sentence may be shown in a channel.
    """


def new_code(random: Random, length: int = 4) -> str:
    """A code drawn with `random`, `length` characters long after `P-`, the check character counted.

    There are 29 ** (length - 1) codes: 24,389 of length 4, 707,281 of 5 and 20,511,149 of 6. Two draws
    can be equal, so the caller draws again if a code is taken. Codes that must not be guessed need a
    `random.SystemRandom`. Raises ValueError if `length` is not in `LENGTHS`.
    """
    if length not in LENGTHS:
        raise ValueError(f"A patient's code has {LENGTHS[0]} to {LENGTHS[-1]} characters, not {length}.")
    data = "".join(random.choices(ALPHABET, k=length - 1))
    return f"P-{data}{mod_37_2.calc_check_digit(data, ALPHABET)}"


def read_code(text: str) -> str:
    """The code that a person typed, in its one written form; raises BadCode.

    Lower case, quotes or brackets around it, any kind of dash or none, and spaces are let pass. O, I,
    0 and 1 are refused rather than read as what they look like: no code has them, so one of them means
    that the code was misread, and only its owner can say what stood there.

    One wrong character, two swapped neighbours, two swapped with one between, and a double character
    mistyped as another double are always refused (ISO 7064, pure system, modulus 29, radix 2); of all
    else that is wrong, 28 of 29.
    """
    typed = _WITHIN.sub("", text.strip(_AROUND)).upper()
    shape = re.fullmatch(f"P([0-9A-Z]{{{LENGTHS[0]},{LENGTHS[-1]}}})", typed)
    if not shape:
        raise BadCode("Type the patient's code as on the card: P, a dash and its characters, like P-7K3K.")
    if not set(shape[1]) <= set(ALPHABET):
        raise BadCode("No patient's code has a vowel, a 0 or a 1: read it again and type it like P-7K3K.")
    if not mod_37_2.is_valid(shape[1], ALPHABET):
        raise BadCode("No patient has that code, so something in it is mistyped: read it again, like P-7K3K.")
    return f"P-{shape[1]}"
