"""What a raw identifier becomes before it is hashed. These rules are the contract between suppliers.

Every function takes a String series and returns one of the same length: the normalised value, or null
where there is none. Null, a blank, a placeholder and an invalid number all become null, never text that
could be hashed. How the normalised values are cut up into tokens stands in `tokens`.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
from anyascii import anyascii
from stdnum.gb import nhs
from stdnum.gb import upn as upn_number

_NO_NAME = (
    "^(X+|Z+|.?|UNKNOWN|UNKOWN|UNK|NK|NOT(KNOWN|RECORDED|STATED|GIVEN|APPLICABLE|AVAILABLE|DISCLOSED)|NONE|"
    "NULL|NAN|NIL|ANON|ANONYMOUS|MISSING|WITHHELD|REDACTED|REFUSED|NO(NAME|FORENAME|FIRSTNAME|SURNAME|LASTNAME)|"
    "NAME(UNKNOWN|NOTKNOWN)|UNNAMED|UNBORN|BABY|BABYBOY|BABYGIRL|INFANT|NEWBORN|FOETUS|FETUS|TWINONE|TWINTWO|"
    "JOHNDOE|JANEDOE|TBC|TBA)$"
)
_NO_FORENAME = "^(BOY|GIRL|MALE|FEMALE|CHILD|TWIN|TRIPLET|SON|DAUGHTER|MR|MRS|MS|MISS|MASTER)$"
_UNNAMED_CHILD = r"^(BABY|B/O|S/O|D/O|(BOY|GIRL|INFANT|CHILD|TWIN|SON|DAUGHTER)( \S+)? OF)\b"
_NO_ADDRESS = "^(UNKNOWN|NFA|NK|NONE|NULL|NOT ?KNOWN|NOT ?RECORDED|NO FIXED (ABODE|ADDRESS))$"
_NO_DATE = ["1901-01-01"]
_FIRST_DATE, _LAST_DATE = "1900-01-02", "2099-12-31"
_DWELLING = r"^(FLAT|APARTMENT|APT|UNIT|ROOM|FLOOR|BASEMENT|GROUND|FIRST|SECOND|THIRD|TOP|THE)$"
_OUTWARD_ONLY = r"^[A-Z]{1,2}[0-9][0-9A-Z]?$"


def ascii_upper(values: pl.Series) -> pl.Series:
    """Trimmed, folded to ASCII (anyascii: Łucja becomes Lucja), upper case; blank becomes null."""
    foreign = values.str.contains(r"[^\x00-\x7f]").fill_null(False)
    odd = values.filter(foreign).unique()
    folded = values.replace(odd, odd.map_elements(anyascii, return_dtype=pl.String))
    upper = folded.str.to_uppercase().str.strip_chars()
    return _null_where(upper, upper == "")


def surname(values: pl.Series) -> pl.Series:
    """Letters A to Z only, so that O'Brien is OBRIEN and Smith-Jones is SMITHJONES.

    A single letter is an initial, not a name, and becomes null, as do placeholders such as UNKNOWN.
    """
    upper = ascii_upper(values)
    upper = _null_where(upper, upper.is_in(["N/A", "N/K"]))
    letters = upper.str.replace_all("[^A-Z]", "")
    return _null_where(letters, letters.str.contains(_NO_NAME))


def forename(values: pl.Series) -> pl.Series:
    """As `surname`; words for a child without a name yet (BABY OF SARAH, TWIN 1) become null too."""
    letters = surname(values)
    unnamed = ascii_upper(values).str.contains(_UNNAMED_CHILD)
    return _null_where(letters, letters.str.contains(_NO_FORENAME) | unnamed)


def date_of_birth(values: pl.Series) -> pl.Series:
    """ISO dates (a time of day is ignored); what is no calendar day or a usual default becomes null.

    Defaults: everything up to 1900-01-01, 1901-01-01, and years after 2099.
    """
    iso = values.str.strip_chars().str.head(10).str.to_date("%Y-%m-%d", strict=False).dt.to_string("%Y-%m-%d")
    usable = (iso >= _FIRST_DATE) & (iso <= _LAST_DATE) & ~iso.is_in(_NO_DATE)
    return _null_where(iso, ~usable)


def postcode(values: pl.Series) -> pl.Series:
    """Letters and digits without a space; ZZ99 (no fixed abode, overseas), part postcodes become null."""
    plain = ascii_upper(values).str.replace_all("[^A-Z0-9]", "")
    usable = plain.str.contains("[0-9]") & (plain.str.len_chars() >= 4)
    placeholder = plain.str.starts_with("ZZ99") | plain.str.contains("^(0+|9+)$")
    return _null_where(plain, ~usable | placeholder | plain.str.contains(_OUTWARD_ONLY))


def postcode_sector(values: pl.Series) -> pl.Series:
    """A normalised postcode without its last two characters: BS81TH lies in sector BS81."""
    return values.str.head(-2)


def house_number(values: pl.Series) -> pl.Series:
    """The number nearest before the street's name: 14B of `Flat 2, 14b High Street`."""
    return _address_parts(values).struct.field("number")


def street(values: pl.Series) -> pl.Series:
    """The first word of the street's name: HIGH of `Flat 2, 14b High Street`."""
    return _address_parts(values).struct.field("street")


def uprn(values: pl.Series) -> pl.Series:
    """A unique property reference number of up to 12 digits, without leading noughts."""
    digits = values.str.strip_chars().str.replace(r"\.0$", "").str.strip_chars_start("0")
    return _null_where(digits, ~digits.str.contains(r"^[0-9]{1,12}$"))


def nhs_number(values: pl.Series) -> pl.Series:
    """Ten digits with a valid check digit (modulus 11), not ten times the same one."""
    digits = values.str.replace_all(r"[^0-9A-Za-z]", "")
    same = "^(" + "|".join(f"{digit}{{10}}" for digit in range(10)) + ")$"
    return _null_where(digits, ~_each(digits, nhs.is_valid) | digits.str.contains(same))


def upn(values: pl.Series) -> pl.Series:
    """A permanent unique pupil number: check letter, 12 digits, the letter right (modulus 23).

    The local authority within it is not looked up, because the list in python-stdnum ends in 2011.
    A temporary number (its last character a letter) names a pupil at one school only, so it is null.
    """
    plain = ascii_upper(values).str.replace_all("[^A-Z0-9]", "")
    shaped = _null_where(plain, ~plain.str.contains("^[A-HJ-NP-RT-Z][0-9]{12}$"))
    return _null_where(shaped, ~_each(shaped, _upn_letter_is_right))


def pnc_id(values: pl.Series) -> pl.Series:
    """A police national computer id as two digits of the year, seven of the serial number, letter.

    `2012/0123456A` and `12/123456A` are the same id. Another shape becomes null.
    """
    plain = ascii_upper(values).str.replace_all(" ", "")
    slashed = plain.str.replace("^((?:19|20)?[0-9]{2})([0-9]{7}[A-Z])$", "$1/$2")
    parts = slashed.str.extract_groups("^(?:19|20)?([0-9]{2})/([0-9]{1,7})([A-Z])$")
    year, serial, letter = (parts.struct.field(group) for group in "123")
    return _null_where(year + serial.str.zfill(7) + letter, serial.str.contains("^0+$"))


def _upn_letter_is_right(number: str) -> bool:
    return bool(upn_number.calc_check_digit(number) == number[0])


def _address_parts(values: pl.Series) -> pl.Series:
    """Struct of `number` and `street`, read from a first address line."""
    words = ascii_upper(values).str.replace_all("[^A-Z0-9]+", " ").str.strip_chars()
    frame = pl.DataFrame({"line": _null_where(words, words.str.contains(_NO_ADDRESS))}).lazy()
    word = pl.element()
    is_street = word.str.contains("^[A-Z]{2,}$") & ~word.str.contains(_DWELLING)
    parts = frame.select(word=pl.col("line").str.split(" ")).select(
        street=pl.col("word").list.filter(is_street).list.first(),
        before=pl.col("word").list.eval(
            word.filter((is_street.cum_sum() == 0) & word.str.contains("^[0-9]"))
        ),
    )
    number = pl.col("before").list.last()
    return parts.select(pl.struct(number=number, street="street")).collect().to_series()


def _each(values: pl.Series, judge: Callable[[str], bool]) -> pl.Series:
    return values.map_elements(judge, return_dtype=pl.Boolean).fill_null(False)


def _null_where(values: pl.Series, mask: pl.Series) -> pl.Series:
    frame = pl.DataFrame({"value": values, "mask": mask})
    keep = pl.col("mask").not_().fill_null(False)
    return frame.select(pl.when(keep).then("value")).to_series()
