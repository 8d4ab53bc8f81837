"""No personal value gets in, and none that tried to is repeated anywhere. Searched, not believed."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from outcome_linkage.delivery.checking.check import check_delivery
from outcome_linkage.delivery.receiving.receive import receive
from outcome_linkage.home import Home
from schemas.catalogue import CONTRACTS
from tests.command import command_line
from tests.factories import SUPPLIERS, delivery, rows
from tests.search import found_below

NAME, EMAIL, POSTCODE = "Zebulonia", "zebulonia@example.org", "BS8 1TH"
UPN, DOB = "H801200001001", date(2012, 5, 17)
NHS_NUMBERS = ["9434765919", "4505577104", "9434765870", "5990128088", "9990548609", "9449305552"]


def _ecds(**columns: object) -> pl.DataFrame:
    return rows("ecds_attendances", 6, **columns)


REFUSED: dict[str, Callable[[], pl.DataFrame]] = {
    "an unlisted column": lambda: _ecds().with_columns(forename=pl.lit(NAME)),
    "a full date of birth": lambda: _ecds(birth_month=DOB),
    "a full date of birth as text": lambda: _ecds(birth_month=DOB.isoformat()),
    "a full postcode": lambda: _ecds(chief_complaint=POSTCODE),
    "an e-mail": lambda: _ecds(department_type=EMAIL),
    "NHS numbers": lambda: _ecds(attendance_id=NHS_NUMBERS),
    "a UPN": lambda: _ecds(chief_complaint=UPN),
}
PERSONAL = [NAME, EMAIL, POSTCODE, UPN, DOB.isoformat(), *NHS_NUMBERS]


@pytest.mark.parametrize("fault", REFUSED)
def test_a_file_with_personal_values_is_refused(fault: str, home: Home, tmp_path: Path) -> None:
    """Found by the check before sending and again on arrival; nothing of it lands, no report repeats it."""
    folder = delivery(tmp_path / "sent", "bnssg_icb", "2026-10", {"ecds_attendances": REFUSED[fault]()})
    checked = check_delivery(folder, CONTRACTS, SUPPLIERS)
    receipt = receive(folder, home, CONTRACTS, SUPPLIERS)
    assert checked.refused and receipt.status == "refused"
    assert not list(home.stage("landing").rglob("*.parquet"))
    said = "\n".join([*checked.lines(), *map(str, receipt.findings)]).lower()
    assert said and not [value for value in PERSONAL if value.lower() in said]


@pytest.mark.slow
def test_what_was_refused_is_repeated_nowhere(home: Home, tmp_path: Path) -> None:
    """Every such file sent, checked and followed by a run: no output, log, event or report holds a value."""
    for number, frame in enumerate(REFUSED.values(), start=1):
        sent = tmp_path / "sent" / str(number)
        delivery(sent, "bnssg_icb", f"2026-{number:02d}", {"ecds_attendances": frame()})
    checked = command_line(home, "check", str(tmp_path / "sent"))
    received = command_line(home, "receive", str(tmp_path / "sent"))
    ran = command_line(home, "run")
    ledger = command_line(home, "ledger")
    results = (checked, received, ran, ledger)
    assert [result.returncode for result in results] == [3, 3, 0, 0], ran.stderr
    printed = "".join(result.stdout + result.stderr for result in results).lower()
    assert not [value for value in PERSONAL if value.lower() in printed]
    refusals = sorted(home.refused.rglob("refusal.json"))
    assert len(refusals) == len(REFUSED)
    copies = list(home.refused.rglob("*.parquet"))
    assert not found_below(home.root, PERSONAL, leave_out=copies)


def test_a_file_of_ten_digit_referral_ids_is_received(home: Home, tmp_path: Path) -> None:
    """One in eleven ten-digit numbers passes the NHS check by chance: that alone refuses nothing."""
    digits = random.Random(3)
    ids = [str(digits.randrange(10**9, 10**10)) for _ in range(3000)]
    frame = rows("mhsds_referrals", len(ids), referral_id=ids)
    folder = delivery(tmp_path / "sent", "bnssg_icb", "2026-10", {"mhsds_referrals": frame})
    assert command_line(home, "receive", str(folder)).returncode == 0


@pytest.mark.slow
def test_an_error_in_the_data_is_stored_without_the_value(home: Home, tmp_path: Path) -> None:
    """A value that breaks its contract is rejected by reason; the event log holds no trace of it."""
    stray = "QQSTRAYVALUEQQ"
    frame = rows("ecds_attendances", 40, chief_complaint=[stray] + ["248062006"] * 39)
    folder = delivery(tmp_path / "sent", "bnssg_icb", "2026-10", {"ecds_attendances": frame})
    assert command_line(home, "receive", str(folder)).returncode == 0
    assert command_line(home, "run").returncode == 0
    assert set(found_below(home.root, [stray]).get(stray, [])) <= {
        "landing/bnssg_icb/2026-10/001/ecds_attendances.parquet"
    }
    ledger = command_line(home, "ledger", "--rejects").stdout
    assert "chief_complaint" in ledger and "wrong_pattern" in ledger and stray not in ledger


@pytest.mark.slow
def test_nothing_that_identifies_an_invented_person_leaves_their_supplier(
    region: Path, run_once: Home
) -> None:
    """Names, numbers, postcodes and dates of birth of the raw files are nowhere after encoding."""
    personal: set[str] = set()
    for path in (region / "raw").rglob("link_tokens.csv"):
        raw = pl.read_csv(path, infer_schema=False, encoding="utf8-lossy", truncate_ragged_lines=True)
        for column in ("nhs_number", "upn", "postcode", "pnc_id", "address_line_1"):
            if column in raw.columns:
                values = raw[column].drop_nulls().str.strip_chars().unique().sort()
                personal |= set(values.filter(values.str.len_chars() >= 6).head(60))
    assert len(personal) > 100
    assert not found_below(region / "deliveries", personal)
    assert not found_below(run_once.root, personal)
