"""The truth beside the deliveries: who is whose record, what happened, who is related, what causes what."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Final

import polars as pl

from outcome_linkage.delivery.encoding.rekey import record_keys
from outcome_linkage.files import write_parquet, write_text
from outcome_linkage.synthetic.agencies.police import PoliceRecords
from outcome_linkage.synthetic.agencies.relatives import carers
from outcome_linkage.synthetic.codes import ETHNICITY5
from outcome_linkage.synthetic.effects import EFFECTS
from outcome_linkage.synthetic.faults import FILE_FAULTS, IDENTITY_ERRORS, RELATIONSHIP_FAULTS
from outcome_linkage.synthetic.life import Lives
from outcome_linkage.synthetic.places import AUTHORITIES
from outcome_linkage.synthetic.planted import PLANTED
from outcome_linkage.synthetic.records import Books
from outcome_linkage.synthetic.window import WINDOW_END

_DATE: Final = pl.Int32
_PER_BLOCK: Final = 10_000_000  # more dwellings and incidents than any block has


class Truth:
    """Collects the truth block by block and writes it at the end."""

    def __init__(self, secrets: dict[str, bytes]) -> None:
        self._secrets = secrets
        self._parts: dict[str, list[pl.DataFrame]] = {}

    def add_lives(self, lives: Lives) -> None:
        """The people of a block, what happened to them and how they are related."""
        self._add("people", _people(lives))
        self._add("events", _events(lives))
        self._add("relationships", _relationships(lives))
        self._add("residence", _residence(lives))

    def add_incidents(self, lives: Lives, found: PoliceRecords) -> None:
        """Who was in one incident, whatever the police made of it."""
        together = pl.concat(
            [found.persons.select("case", "who", "day"), found.incidents.select("case", "who", "day")]
        )
        rows = together.unique(maintain_order=True).select(
            incident=pl.col("case") + lives.block.number * _PER_BLOCK,
            person=pl.col("who") + lives.block.first,
            date=pl.col("day").cast(_DATE).cast(pl.Date),
        )
        self._add("incidents", rows)

    def add_books(self, lives: Lives, held: Books) -> None:
        """Whose records a supplier's books hold."""
        rows = held.records.select(
            pl.lit(held.supplier).alias("supplier"),
            "original_id",
            record_keys(held.records["original_id"], self._secrets[held.supplier], held.supplier).alias(
                "record_key"
            ),
            (pl.col("who") + lives.block.first).alias("person"),
        )
        self._add("records", rows)

    def write(self, folder: Path) -> None:
        """Write every table of the truth into `folder`."""
        for name in sorted(self._parts):
            write_parquet(pl.concat(self._parts.pop(name)), folder / f"{name}.parquet")
        write_text(folder / "effects.csv", pl.DataFrame([asdict(e) for e in EFFECTS]).write_csv())
        write_text(folder / "planted_effects.csv", pl.DataFrame([asdict(e) for e in PLANTED]).write_csv())
        errors = pl.DataFrame([asdict(error) for error in IDENTITY_ERRORS])
        write_text(folder / "identity_errors.csv", errors.write_csv())
        write_text(folder / "file_faults.csv", pl.DataFrame([asdict(f) for f in FILE_FAULTS]).write_csv())
        faults = pl.DataFrame([asdict(fault) for fault in RELATIONSHIP_FAULTS])
        write_text(folder / "relationship_faults.csv", faults.write_csv())

    def _add(self, name: str, rows: pl.DataFrame) -> None:
        self._parts.setdefault(name, []).append(rows)


def _people(lives: Lives) -> pl.DataFrame:
    """Each person at their last address in the region; those who never lived there at their household's."""
    last = lives.residences.stays.unique("who", keep="last", maintain_order=True)
    area = lives.column("home_area").copy()
    area[last["who"].to_numpy()] = lives.residences.area(last["dwelling"].to_numpy())
    return lives.people.select(
        "person",
        ethnicity5=pl.col("ethnic").replace_strict(ETHNICITY5, return_dtype=pl.String),
        sex=pl.when("female").then(pl.lit("female")).otherwise(pl.lit("male")),
        birth_date=pl.col("birth").cast(_DATE).cast(pl.Date),
        la_code=pl.Series(AUTHORITIES).gather(lives.places.authority[area]),
        imd_quintile=pl.Series(lives.places.quintile[area]).cast(pl.Int8),
        mobile=pl.Series(lives.mobile),
    )


def _events(lives: Lives) -> pl.DataFrame:
    return lives.happened.select(
        person=pl.col("who") + lives.block.first,
        kind=pl.col("kind"),
        date=pl.col("day").cast(_DATE).cast(pl.Date),
    )


def _relationships(lives: Lives) -> pl.DataFrame:
    """person is a child; related is the mother, father, a carer, a sibling, or a twin (also a sibling)."""
    children = lives.people.filter(pl.col("role") < 0).select(
        "person", "household", "birth", "mother", "father"
    )
    parents = [
        children.filter(pl.col(kind) >= 0).select(
            "person", related=pl.col(kind) + lives.block.first, kind=pl.lit(kind)
        )
        for kind in ("mother", "father")
    ]
    pairs = children.join(children, on="household", suffix="_related", maintain_order="left_right").filter(
        pl.col("person") != pl.col("person_related")
    )
    siblings = pairs.select("person", related="person_related", kind=pl.lit("sibling"))
    twins = pairs.filter(pl.col("birth") == pl.col("birth_related")).select(
        "person", related="person_related", kind=pl.lit("twin")
    )
    helpers = carers(lives).select(
        person=pl.col("who") + lives.block.first,
        related=pl.col("related") + lives.block.first,
        kind=pl.lit("carer"),
    )
    return pl.concat([*parents, helpers, siblings, twins])


def _residence(lives: Lives) -> pl.DataFrame:
    """Who lives in which dwelling from when to when; null while it lasts."""
    return lives.residences.stays.select(
        person=pl.col("who") + lives.block.first,
        dwelling=pl.col("dwelling") + lives.block.number * _PER_BLOCK,
        valid_from=pl.col("since").cast(_DATE).cast(pl.Date),
        valid_to=pl.when(pl.col("until") <= WINDOW_END).then("until").cast(_DATE).cast(pl.Date),
    )
