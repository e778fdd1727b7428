from base64 import b64encode, urlsafe_b64decode
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.secrets import BadKey, CannotOpen, Keyring, kept_key, new_key

OLD = bytes(range(32))
NEW = bytes(range(100, 132))
NAME = "Synthia Testcase"


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])), st.text(alphabet="abc:/", max_size=9))
def test_what_is_sealed_opens_again(text: str, purpose: str) -> None:
    ring = Keyring([NEW])
    assert ring.open(ring.seal(text, purpose), purpose) == text


def test_the_same_text_never_seals_to_the_same_token_and_does_not_show_in_it() -> None:
    ring = Keyring([NEW])
    tokens = {ring.seal(NAME) for _ in range(50)}
    assert len(tokens) == 50
    assert not [token for token in tokens if NAME.encode() in urlsafe_b64decode(token.partition(".")[2])]


def test_a_rotation_from_one_key_to_the_next() -> None:
    before, during, after = Keyring([OLD]), Keyring([NEW, OLD]), Keyring([NEW])
    old_token, old_digest = before.seal(NAME), before.digest("MRN 1", "record number")

    assert during.open(old_token) == NAME
    assert not during.is_current(old_token)
    assert not during.is_current(old_digest)
    assert during.digests("MRN 1", "record number") == (
        after.digest("MRN 1", "record number"),
        old_digest,
    )
    assert during.digest("MRN 1", "record number") == after.digest("MRN 1", "record number")

    new_token = during.seal(during.open(old_token))
    assert during.is_current(new_token)
    assert after.open(new_token) == NAME
    with pytest.raises(CannotOpen) as refused:
        after.open(old_token)
    assert str(refused.value) == (
        f"This was sealed with key {before.key_ids[0]}, which is not among BATON_SECRET_KEYS. "
        "Add that key again, after the newest."
    )


def test_a_digest_depends_on_text_purpose_and_key_and_is_stable() -> None:
    ring = Keyring([NEW])
    assert ring.digest("x", "phone") == Keyring([NEW, OLD]).digest("x", "phone")
    digests = {
        ring.digest("x", "phone"),
        ring.digest("y", "phone"),
        ring.digest("x", "email"),
        Keyring([OLD]).digest("x", "phone"),
    }
    assert len(digests) == 4


def test_digests_and_ids_never_change_between_releases() -> None:
    """These are in people's databases: a change here makes every look-up fail."""
    ring = Keyring([OLD])
    assert ring.key_ids == ("4a8eae96ed",)
    assert ring.digest("MRN 1", "record number") == "4a8eae96ed.Pyyd2ieoPPUuvAVdAMVwt1_jJYiMu7EyzIKStV8NhG8"
    assert (
        ring.open("4a8eae96ed.8nGXootklgpPaHby8a80vCIXPfaHOGi4HpdfLP7swdm6YOFQkIYRf9KOeYk=", "name") == NAME
    )


@given(st.data())
def test_an_altered_token_never_opens_to_anything_else(data: st.DataObject) -> None:
    ring = Keyring([NEW])
    token = ring.seal(NAME, "name")
    at = data.draw(st.integers(min_value=0, max_value=len(token) - 1))
    other = data.draw(st.characters(codec="utf-8").filter(lambda letter: letter != token[at]))
    altered = token[:at] + other + token[at + 1 :]
    try:
        opened = ring.open(altered, "name")
    except CannotOpen as refused:
        assert NAME not in str(refused)
    else:
        assert opened == NAME  # the last letter of base64 holds bits that mean nothing


def test_a_token_of_one_column_does_not_open_in_another() -> None:
    ring = Keyring([NEW])
    with pytest.raises(CannotOpen, match="was sealed for another column"):
        ring.open(ring.seal(NAME, "name"), "phone")


@pytest.mark.parametrize("text", [NAME, f"{NAME}. Born 1 May 1980.", ""])
def test_what_was_never_sealed_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(CannotOpen) as refused:
        Keyring([NEW]).open(text)
    assert str(refused.value) == "This is not a sealed text: it names no key."


def test_keys_are_taken_as_bytes_and_in_both_spellings_of_base64() -> None:
    key = bytes([251, 255, 254] * 10 + [1, 2])
    standard = b64encode(key).decode()
    assert "+" in standard
    assert "/" in standard
    spellings: list[str | bytes] = [
        key,
        standard,
        standard.rstrip("="),
        standard.replace("+", "-").replace("/", "_"),
        f" {standard} ",
    ]
    assert len({Keyring([spelling]).key_ids for spelling in spellings}) == 1


def test_a_new_key_is_usable_and_always_another() -> None:
    assert Keyring([new_key()]).key_ids != Keyring([new_key()]).key_ids


def test_a_kept_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "demo" / "secret.key"
    key = kept_key(path)
    assert kept_key(path) == key
    assert Keyring([key]).key_ids != Keyring([kept_key(tmp_path / "other.key")]).key_ids
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ([], "There is no secret key. Make one with: baton keys new"),
        ([new_key(), "swordfish!"], "Secret key 2 is not base64. Make one with: baton keys new"),
        (["swordfish"], "Secret key 1 is not base64. Make one with: baton keys new"),
        (["c3dvcmRmaXNo"], "Secret key 1 has 9 bytes where 32 are needed. Make one with: baton keys new"),
        ([OLD, NEW, OLD], "The same secret key is listed twice. List each once, the newest first."),
        (["swördfish"], "Secret key 1 is not base64. Make one with: baton keys new"),
    ],
)
def test_a_bad_key_is_refused_without_being_shown(keys: Sequence[str | bytes], says: str) -> None:
    with pytest.raises(BadKey) as refused:
        Keyring(keys)
    assert str(refused.value) == says
    assert refused.value.__cause__ is None
