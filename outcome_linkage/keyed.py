"""HMAC-SHA256 over a whole column, in SQL (RFC 2104): DuckDB has sha256 but no HMAC.

For research-side secrets only. The linkage key belongs to suppliers and is used by `linkage.tokens`.
"""

from __future__ import annotations

_BLOCK = 64


def keyed_hash(value: str) -> str:
    """SQL for the first 32 hex digits of the HMAC of a text expression; bind `key_pads` as parameters."""
    return f"left(sha256($outer || unhex(sha256($inner || encode({value})))), 32)"


def key_pads(secret: bytes) -> dict[str, bytes]:
    """The parameters `inner` and `outer` of a statement that holds `keyed_hash`.

    Raises ValueError when the secret is longer than a block of SHA-256 (64 bytes).
    """
    if len(secret) > _BLOCK:
        raise ValueError(f"a secret of at most {_BLOCK} bytes was expected, found {len(secret)}")
    block = secret.ljust(_BLOCK, b"\0")
    return {
        "inner": bytes(byte ^ 0x36 for byte in block),
        "outer": bytes(byte ^ 0x5C for byte in block),
    }
