"""The files that hold a supplier's keys, and the rules they are held to.

The linkage key is made by a named key holder and read by `encode` alone. The record secret is the supplier's
own: made on first use, never sent. Neither may lie where it could travel with the data.
"""

from __future__ import annotations

import stat
from collections.abc import Sequence
from pathlib import Path

from outcome_linkage.delivery.refusal import RawInputRefused
from outcome_linkage.files import make_secret

KEY_BYTES = 32
_LEAST_DISTINCT = 8  # 32 random bytes have about 30 distinct values, their hex digits 16


def read_key(path: Path, *, outside: Sequence[Path]) -> bytes:
    """The bytes of a key file.

    Raises RawInputRefused when there is none, when it lies inside one of the folders `outside`, when others
    than its owner may read it, or when it holds fewer than 32 bytes or bytes that are plainly not random.
    """
    refuse_inside(path, outside, what="key file")
    if not path.is_file():
        raise _refused("no_key", "a key file", "none", path, "Ask the key holder for it; see --key-file.")
    _check_mode(path)
    key = path.read_bytes()
    if len(key) < KEY_BYTES or len(set(key)) < _LEAST_DISTINCT:
        raise _refused(
            "weak_key",
            f"at least {KEY_BYTES} random bytes",
            f"{len(key)} bytes, {len(set(key))} of them distinct",
            path,
            "Ask the key holder for a new key.",
        )
    return key


def make_linkage_key(path: Path, *, outside: Sequence[Path]) -> bytes:
    """A new linkage key in a file of mode 0600, and its bytes.

    Raises RawInputRefused where a file is, since it may be the key that suppliers use, and inside one of
    the folders `outside`.
    """
    refuse_inside(path, outside, what="linkage key")
    if path.exists():
        todo = "With another key nobody is found again: name another file only to begin anew."
        raise _refused("key_exists", "no file yet", "one", path, todo)
    make_secret(path, KEY_BYTES)
    return read_key(path, outside=outside)


def record_secret(path: Path, *, outside: Sequence[Path]) -> bytes:
    """The supplier's own secret, made with mode 0600 when `path` does not exist yet.

    Raises RawInputRefused as `read_key` does.
    """
    refuse_inside(path, outside, what="record secret")
    if not path.exists():
        make_secret(path, KEY_BYTES)
    return read_key(path, outside=outside)


def refuse_inside(path: Path, folders: Sequence[Path], *, what: str) -> None:
    """Raise RawInputRefused when `path` lies in one of the folders, links followed."""
    resolved = path.resolve()
    if any(resolved.is_relative_to(folder.resolve()) for folder in folders):
        raise _refused(
            "secret_in_delivery",
            f"a {what} outside the delivery and the home folder",
            "one inside",
            path,
            "Move it to a folder that is never sent or shared.",
        )


def refuse_shared_secret(secret: bytes, key: bytes, path: Path) -> None:
    """Raise RawInputRefused when the record secret is the linkage key, which every supplier holds."""
    if secret == key:
        raise _refused(
            "shared_secret",
            "a record secret that no other supplier has",
            "the linkage key",
            path,
            "Name another file; it is made if it does not exist.",
        )


def _check_mode(path: Path) -> None:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        raise _refused(
            "open_key",
            "a file that only its owner may read (mode 0600)",
            f"mode {mode:04o}",
            path,
            f"Run: chmod 600 {path.name}",
        )


def _refused(code: str, expected: str, found: str, path: Path, todo: str) -> RawInputRefused:
    return RawInputRefused(code, expected=expected, found=found, where=path.name, todo=todo)
