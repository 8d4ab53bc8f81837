"""Key files: how long, how private, and where they may lie."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from outcome_linkage.delivery.encoding.keys import make_linkage_key, read_key, record_secret, refuse_inside
from outcome_linkage.delivery.refusal import RawInputRefused

KEY = bytes(range(32))


def key_file(folder: Path, content: bytes = KEY, mode: int = 0o600) -> Path:
    path = folder / "linkage.key"
    path.write_bytes(content)
    path.chmod(mode)
    return path


def test_a_key_is_the_bytes_of_its_file(tmp_path: Path) -> None:
    assert read_key(key_file(tmp_path, KEY + b"\n"), outside=()) == KEY + b"\n"


@pytest.mark.parametrize("content", [b"", KEY[:31], b"\0" * 32, b"password" * 4, b"abcdefg" * 10])
def test_a_key_that_can_be_guessed_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(RawInputRefused) as refusal:
        read_key(key_file(tmp_path, content), outside=())
    assert refusal.value.code == "weak_key"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660])
def test_a_key_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    with pytest.raises(RawInputRefused, match=r"chmod 600 linkage\.key"):
        read_key(key_file(tmp_path, mode=mode), outside=())


def test_there_must_be_a_key(tmp_path: Path) -> None:
    with pytest.raises(RawInputRefused, match="no_key"):
        read_key(tmp_path / "linkage.key", outside=())


def test_a_key_may_not_lie_where_it_could_travel(tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / "keys").mkdir(parents=True)
    path = key_file(out / "keys")
    with pytest.raises(RawInputRefused, match="secret_in_delivery"):
        read_key(path, outside=(out,))
    link = tmp_path / "link.key"
    link.symlink_to(path)
    with pytest.raises(RawInputRefused, match="secret_in_delivery"):
        read_key(link, outside=(tmp_path / "elsewhere", out))


def test_a_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "linkage.key"
    made = make_linkage_key(path, outside=())
    assert read_key(path, outside=()) == made and stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(RawInputRefused, match="key_exists"):
        make_linkage_key(path, outside=())
    with pytest.raises(RawInputRefused, match="secret_in_delivery"):
        make_linkage_key(tmp_path / "home" / "a.key", outside=(tmp_path / "home",))


def test_a_folder_with_a_similar_name_is_another_folder(tmp_path: Path) -> None:
    refuse_inside(tmp_path / "out_keys" / "a.key", (tmp_path / "out",), what="key file")


def test_a_record_secret_is_made_once(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "record.secret"
    first = record_secret(path, outside=())
    assert len(first) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert record_secret(path, outside=()) == first
    assert [file.name for file in path.parent.iterdir()] == ["record.secret"]


def test_a_record_secret_is_not_made_inside_the_delivery(tmp_path: Path) -> None:
    with pytest.raises(RawInputRefused, match="secret_in_delivery"):
        record_secret(tmp_path / "out" / "record.secret", outside=(tmp_path / "out",))
    assert not (tmp_path / "out").exists()
