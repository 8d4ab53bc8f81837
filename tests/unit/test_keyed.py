"""HMAC in SQL equals HMAC in Python."""

from __future__ import annotations

import hmac

import pytest

from outcome_linkage.keyed import key_pads, keyed_hash
from outcome_linkage.warehouse import connect


@pytest.mark.parametrize("secret", [b"short", b"x" * 32, b"y" * 64])
def test_keyed_hash(secret: bytes) -> None:
    with connect() as connection:
        rows = connection.execute(f"select {keyed_hash('42::varchar')}", key_pads(secret)).fetchall()
    assert rows == [(hmac.digest(secret, b"42", "sha256").hex()[:32],)]


def test_a_secret_longer_than_a_block_is_refused() -> None:
    with pytest.raises(ValueError, match="64 bytes"):
        key_pads(b"z" * 65)
