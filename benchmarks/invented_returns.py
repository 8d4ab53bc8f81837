"""Returns as suppliers have them, of invented people: a whole SSDA903 set, a term of the school census, and a
long export of a practice.

Headers, order of columns and dates are those of the returns; the people, and what happened to them, come from
one seed.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl

from outcome_linkage.synthetic.identifiers import upns

SEED = 1
SYLLABLES = (
    "ba",
    "cor",
    "del",
    "fen",
    "gar",
    "hol",
    "is",
    "ken",
    "lo",
    "mar",
    "nor",
    "pel",
    "ro",
    "ston",
    "wy",
)
ANY_AGE = ("2007-04-01", "2023-03-31")
POSTAL = tuple(first + last for first in "ABDEFGHJLN" for last in "PQRSTUWXYZ")
BRITISH, CENSUS = "%d/%m/%Y", "%Y-%b-%d 00:00:00"
Tables = dict[str, pl.DataFrame]


class Inventor:
    """Columns of `size` rows, from one seed."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._random = np.random.default_rng(SEED)

    def one_of(self, *values: str) -> pl.Series:
        """Any of the values."""
        return pl.Series(self._random.choice(np.array(values), self.size))

    def days(self, first: str, last: str, style: str) -> pl.Series:
        """Any day, as text."""
        start, end = (int(np.datetime64(day, "D").astype(int)) for day in (first, last))
        return (
            pl.Series(self._random.integers(start, end, self.size), dtype=pl.Int32)
            .cast(pl.Date)
            .dt.strftime(style)
        )

    def numbers(self, low: int, high: int) -> pl.Series:
        """Any whole number below `high`, as text."""
        return pl.Series(self._random.integers(low, high, self.size)).cast(pl.String)

    def words(self, syllables: int) -> pl.Series:
        """Names of so many syllables, so that few people share one."""
        chosen = self._random.choice(np.array(SYLLABLES), (syllables, self.size))
        return pl.Series(["".join(parts).title() for parts in zip(*chosen, strict=True)])

    def some(self, values: pl.Series, share: float) -> pl.Series:
        """The values, but for a share that is empty."""
        return pl.select(
            pl.when(pl.lit(pl.Series(self._random.random(self.size) > share))).then(pl.lit(values))
        ).to_series()


def ids(size: int, prefix: str) -> pl.Series:
    """Ids of people or rows."""
    return prefix + pl.Series(range(size)).cast(pl.String).str.zfill(7)


def people(size: int, style: str, born: tuple[str, str]) -> pl.DataFrame:
    """Ids, dates of birth, sexes, ethnic groups and pupil numbers."""
    invent = Inventor(size)
    serial = np.arange(size, dtype=np.int64)
    return pl.DataFrame(
        {
            "id": ids(size, "0"),
            "dob": invent.days(*born, style),
            "sex": invent.one_of("M", "F"),
            "ethnic": invent.one_of("WBRI", "MWBC", "APKN", "BCRB", "OOTH"),
            "upn": upns(serial, np.full(size, 15), np.full(size, 801)),
        }
    )


def looked_after(children: int) -> Tables:
    """An SSDA903 set of 2025: eleven modules, each with its columns in the order of the return.

    Of an age at which each is asked for; adoptions without an episode that ends in one are its faults.
    """
    who = people(children, BRITISH, ANY_AGE)
    child = who.select(CHILD="id", DOB="dob")
    header = who.select(
        CHILD="id", SEX="sex", DOB="dob", ETHNIC="ethnic", UPN="upn", MOTHER=pl.lit("0"), MC_DOB=pl.lit("")
    )
    return {
        "Header": header,
        "Episodes": _episodes(who),
        **{
            name: child.filter(_born(*born)).head(int(children * share)).pipe(fill)
            for name, (share, born, fill) in _MODULES.items()
        },
        "UASC": who.head(children // 12).select(CHILD="id", SEX="sex", DOB="dob", DUC=pl.lit("")),
    }


def _episodes(who: pl.DataFrame) -> pl.DataFrame:
    """Two episodes for each child, the second still open."""
    invent = Inventor(who.height)
    starts, moves = (
        invent.days("2023-04-01", "2024-03-31", BRITISH),
        invent.days("2024-04-01", "2025-03-31", BRITISH),
    )
    shared = {
        "LS": invent.one_of("C2", "V2"),
        "CIN": invent.one_of("N1", "N2", "N5"),
        "PLACE_PROVIDER": invent.one_of("PR1", "PR4"),
        "HOME_POST": invent.one_of("BS1 4ST", "BS8 1TH", "BS3 4QX"),
        "URN": invent.one_of("SC123456", "SC654321"),
    }
    first = {
        "DECOM": starts,
        "RNE": pl.lit("S"),
        "DEC": moves,
        "REC": pl.lit("X1"),
        "REASON_PLACE_CHANGE": pl.lit("CREQB"),
        "PLACE": invent.one_of("U1", "U4"),
        "PL_POST": invent.one_of("BS1 4ST", "BS8 1TH", "BS3 4QX"),
    }
    second = {
        "DECOM": moves,
        "RNE": pl.lit("P"),
        "DEC": pl.lit(""),
        "REC": pl.lit(""),
        "REASON_PLACE_CHANGE": pl.lit(""),
        "PLACE": invent.one_of("U5", "K2"),
        "PL_POST": invent.one_of("BS5 6JY", "BS13 9AX"),
    }
    order = (
        *("CHILD", "DECOM", "RNE", "LS", "CIN", "PLACE", "PLACE_PROVIDER", "DEC", "REC"),
        *("REASON_PLACE_CHANGE", "HOME_POST", "PL_POST", "URN"),
    )
    both = [who.select(CHILD="id").with_columns(**shared, **dates).select(order) for dates in (first, second)]
    return pl.concat(both).sort("CHILD", maintain_order=True)


def _day(child: pl.DataFrame, first: str = "2024-04-01", last: str = "2025-03-31") -> pl.Series:
    return Inventor(child.height).days(first, last, BRITISH)


def _flags(*names: str) -> Callable[[pl.DataFrame], dict[str, pl.Series]]:
    return lambda child: {name: Inventor(child.height).one_of("0", "1") for name in names}


def _reviews(child: pl.DataFrame) -> pl.DataFrame:
    """Three reviews for each child, half a year apart."""
    spans = (("2024-04-01", "2024-06-30"), ("2024-08-01", "2024-10-31"), ("2025-01-01", "2025-03-31"))
    took_part = pl.lit(Inventor(child.height).one_of("PN1", "PN3"))
    return pl.concat(
        child.with_columns(
            REVIEW=_day(child, first, last),
            REVIEW_CODE=pl.when(_born(ANY_AGE[0], f"{int(first[:4]) - 4}{first[4:]}"))
            .then(took_part)
            .otherwise(pl.lit("PN0")),
        )
        for first, last in spans
    )


def _born(first: str, last: str) -> pl.Expr:
    """Whether a child was born between two days."""
    return (
        pl.col("DOB").str.to_date(BRITISH).is_between(pl.lit(first).str.to_date(), pl.lit(last).str.to_date())
    )


def _health(child: pl.DataFrame) -> pl.DataFrame:
    invent = Inventor(child.height)
    marks = _flags(
        *("CONVICTED", "IMMUNISATIONS", "TEETH_CHECK", "HEALTH_ASSESSMENT"),
    )
    nothing = ("HEALTH_CHECK", "SDQ_REASON", "INTERVENTION_RECEIVED", "INTERVENTION_OFFERED")
    return child.with_columns(
        SDQ_SCORE=invent.numbers(0, 41),
        SUBSTANCE_MISUSE=pl.lit("0"),
        **{name: pl.lit("") for name in nothing},
        **marks(child),
    )


_MODULES: dict[str, tuple[float, tuple[str, str], Callable[[pl.DataFrame], pl.DataFrame]]] = {
    "Reviews": (1.0, ANY_AGE, _reviews),
    "OC2": (0.7, ("2008-04-01", "2015-03-31"), _health),
    "OC3": (
        0.2,
        ("2007-04-01", "2008-03-31"),
        lambda child: child.with_columns(
            IN_TOUCH=pl.lit("YES"), ACTIV=Inventor(child.height).one_of("F1", "F2"), ACCOM=pl.lit("B1")
        ),
    ),
    "AD1": (
        0.02,
        ANY_AGE,
        lambda child: child.with_columns(
            DATE_INT=_day(child),
            DATE_MATCH=_day(child),
            FOSTER_CARE=pl.lit("0"),
            NB_ADOPTR=pl.lit("2"),
            SEX_ADOPTR=pl.lit("MF"),
            LS_ADOPTR=pl.lit("L11"),
        ),
    ),
    "PlacedAdoption": (
        0.03,
        ANY_AGE,
        lambda child: child.with_columns(
            DATE_PLACED=_day(child), DATE_PLACED_CEASED=pl.lit(""), REASON_PLACED_CEASED=pl.lit("")
        ),
    ),
    "PrevPerm": (
        0.3,
        ANY_AGE,
        lambda child: child.with_columns(
            PREV_PERM=pl.lit("P1"), LA_PERM=pl.lit(""), DATE_PERM=pl.lit("zz/05/2019")
        ),
    ),
    "Missing": (
        0.15,
        ANY_AGE,
        lambda child: child.with_columns(MISSING=pl.lit("M"), MIS_START=_day(child), MIS_END=pl.lit("")),
    ),
    "SWEpisodes": (
        1.0,
        ANY_AGE,
        lambda child: child.with_columns(
            SW_ID=Inventor(child.height).numbers(100, 400),
            SW_DECOM=_day(child),
            SW_DEC=pl.lit(""),
            SW_REASON=pl.lit("MANAGE"),
        ),
    ),
}


def school_census(pupils: int) -> Tables:
    """A spring term of 2025: pupils on and off roll, exclusions, five attendance codes each, addresses."""
    who = people(pupils, CENSUS, ("2008-09-01", "2020-08-31")).with_columns(
        school="8014" + Inventor(pupils).numbers(100, 130)
    )
    key = {"pupilonrolltableid": "id", "NativeId": "school"}
    invent = Inventor(pupils)
    left = who.tail(pupils // 30)
    return {
        "pupilonroll": _roll(who, "pupilonroll"),
        "pupilnolongeronroll": _roll(left, "pupilnolongeronroll").with_columns(
            leavingdate=pl.lit("2025-Mar-03 00:00:00")
        ),
        "termlyexclusionsonroll": _ordered(
            who.head(pupils // 20).select(**key), "termlyexclusionsonroll"
        ).with_columns(
            startdate=Inventor(pupils // 20).days("2025-01-06", "2025-04-04", CENSUS),
            sessions=pl.lit("4.0"),
            reason1=Inventor(pupils // 20).one_of("DB", "PA", "VA"),
            reason2=pl.lit(""),
            reason3=pl.lit(""),
            category=pl.lit("SUSP"),
            senprovision=pl.lit("K"),
        ),
        "termlysessiondetailsonroll": _sessions(who.select(**key)),
        "addresses": _ordered(who.select(**key), "addresses").with_columns(
            postcode="BS" + invent.numbers(1, 15) + " " + invent.numbers(1, 10) + invent.one_of(*POSTAL),
            addressline1=Inventor(pupils).numbers(1, 200) + " High Street",
        ),
    }


def gp_events(rows: int) -> Tables:
    """Events of a practice, ten a patient, with who the patients are."""
    invent = Inventor(rows)
    patient = pl.Series(range(rows), dtype=pl.Int64) % (rows // 10)
    person = patient.cast(pl.String)
    events = pl.DataFrame(
        {
            "event_id": ids(rows, "e"),
            "Person_ID": "p" + person,
            "event_date": invent.days("2019-04-01", "2025-03-31", BRITISH),
            "snomed_concept_id": "248062006",
            "numeric_value": invent.numbers(1, 90) + ".5",
            "practice_code": "L81001",
            "forename": "fore" + (patient % 997).cast(pl.String),
            "surname": "sur" + (patient % 9_973).cast(pl.String),
            "dob": "01/02/2010",
        }
    )
    return {"gp_events": events}


def _ordered(rows: pl.DataFrame, table: str) -> pl.DataFrame:
    """The rows with the columns that every table of the census has."""
    return rows.with_columns(
        **{
            f"{table}tableid": ids(rows.height, "e"),
            f"{table}orderseqcolumn": pl.lit("1"),
            "sourceid": pl.lit("a1"),
        }
    )


def _roll(who: pl.DataFrame, table: str) -> pl.DataFrame:
    """Pupils, with a good many columns that nobody here asks for."""
    invent = Inventor(who.height)
    asked = who.select(
        **{f"{table}tableid": "id", "NativeId": "school", "dob": "dob", "upn": "upn", "sex": "sex"},
        surname=invent.words(3),
        forename=invent.words(2),
        entrydate=invent.days("2019-09-01", "2024-09-01", CENSUS),
        termlysessionspossible=invent.numbers(100, 140) + ".0",
        ethnicity="ethnic",
        enrolstatus=pl.lit("C"),
        senprovision=invent.one_of("N", "K", "E"),
        ncyearactual=invent.numbers(1, 12),
        youngcarer=pl.lit("N"),
    )
    others = {f"other{n}": invent.numbers(1, 900) for n in range(30)}
    return asked.with_columns(
        **{f"{table}orderseqcolumn": pl.lit("1"), "schoolcensustableid": pl.lit("c")}, **others
    )


def _sessions(who: pl.DataFrame) -> pl.DataFrame:
    codes = ("I", "M", "U", "G", "L")
    rows = pl.concat(who.with_columns(attendancereason=pl.lit(code)) for code in codes)
    return _ordered(rows, "termlysessiondetailsonroll").with_columns(
        sessions=Inventor(rows.height).numbers(1, 20) + ".0"
    )
