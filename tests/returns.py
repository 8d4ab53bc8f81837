"""An invented SSDA903 return of a small council with the faults of real ones, for the tests of feedback."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from outcome_linkage.delivery.checking.check import CheckReport
from outcome_linkage.delivery.encoding.encode import EncodeReport
from outcome_linkage.delivery.feedback.before_sending import Judges, feedback_before_sending, own_of
from outcome_linkage.delivery.feedback.pack import Pack
from outcome_linkage.delivery.feedback.write import write_pack
from schemas.catalogue import CONTRACTS, load_suppliers
from schemas.rules import RULES
from tests.desk import Desk

HEADER = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB"
EPISODES = (
    "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHNGE,HOME_POST,PL_POST,URN,Caseworker"
)
Changes = Mapping[tuple[int, int], str]
"""Cells by row and column of the data, both from 0."""


def ssda903(desk: Desk, year: int, children: int, header: Changes, episodes: Changes) -> list[Path]:
    """The header and episodes modules of `children`, one episode each, with some cells replaced."""
    names = [f"CH{n:04d}" for n in range(1, children + 1)]
    people = [
        [name, "MF"[n % 2] if year > 2024 else "12"[n % 2], f"{1 + n % 27:02d}/05/2012", "WBRI", "", "", ""]
        for n, name in enumerate(names)
    ]
    stays = [
        [
            name,
            f"{1 + n % 27:02d}/06/{year - 1}",
            "S",
            "C2",
            "N1",
            "U1",
            "PR1",
            "",
            "",
            "",
            "",
            "",
            "SC123456",
            "x",
        ]
        for n, name in enumerate(names)
    ]
    return [
        desk.file(f"SSDA903_{year}_header.csv", _csv(HEADER, people, header)),
        desk.file(f"SSDA903_{year}_episodes.csv", _csv(EPISODES, stays, episodes)),
    ]


def encoded(
    desk: Desk, year: int, period: str, children: int, header: Changes, episodes: Changes
) -> EncodeReport:
    """The same, encoded; the map of ids and the notes lie on the desk."""
    return desk.encode(
        ssda903(desk, year, children, header, episodes),
        "ssda903",
        collection_year=year,
        period=period,
        keep_map=desk.root / "map.csv",
        keep_notes=desk.root / f"notes-{period}.json",
    )


def _csv(head: str, rows: list[list[str]], changes: Changes) -> str:
    for (row, column), text in changes.items():
        rows[row][column] = text
    return "\n".join([head, *(",".join(row) for row in rows)]) + "\n"


def faulty(desk: Desk) -> EncodeReport:
    """A return of collection year 2026 in which rows are lost in four ways, and rules are broken.

    Placements have a code that ended in 2024, needs one that never was, ethnic groups are misspelt, first
    days missing; one child has an episode that ends before it begins, and one is not in the header.
    """
    ethnic = {(40, 3): "WBRT", (41, 3): "KHAN"}
    places = {(row, 5): "H5" for row in range(4, 28, 2)}
    needs = {(row, 4): "N0" for row in range(34, 42)}
    days = {(21, 1): "", (23, 1): "", (50, 1): ""}
    ended = {(55, 7): "01/01/2024", (55, 8): "E11"}
    return encoded(desk, 2026, "2026-07", 60, ethnic, places | needs | days | ended | {(59, 0): "CH9999"})


def checked(
    to: Path, folder: Path, notes: Path | None = None, keep_map: Path | None = None
) -> tuple[CheckReport, Pack, Path]:
    """`check --pack TO`: what the research side would say, the pack, and its page."""
    judges = Judges(CONTRACTS, load_suppliers(), RULES)
    report, pack = feedback_before_sending(folder, judges, own_of(folder, notes, keep_map))
    return report, pack, write_pack(pack, to)
