"""What the privacy gate can find: every rule by name, and how a finding is told without telling a value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from outcome_linkage.delivery.manifest import Manifest
from outcome_linkage.errors import InputRefused


class Rule(NamedTuple):
    """`found` completes "<where>: <found>"; `todo` says what the supplier should do."""

    found: str
    expected: str
    todo: str
    refuses: bool = True


_ENCODE = "Encode the raw file again with `outcome-linkage encode`."
_MAPPING = "A value stands in the wrong column: check the raw file's columns, then encode it again."

RULES: dict[str, Rule] = {
    "no_manifest": Rule("no manifest", "a folder with a manifest.json, written last", _ENCODE),
    "bad_manifest": Rule(
        "the manifest has fields that are not valid", "a manifest as encode writes it", _ENCODE
    ),
    "no_tables": Rule("the manifest names no table", "at least one table", _ENCODE),
    "unknown_supplier": Rule(
        "the supplier is not in the catalogue",
        "a supplier of the catalogue",
        "Check --supplier, or have the supplier added to suppliers.yaml.",
    ),
    "period_to_come": Rule(
        "a period that has not begun",
        "the month of the delivery, or an earlier one",
        "Encode again with the right --period: later deliveries would count as older than this one.",
    ),
    "table_not_in_catalogue": Rule(
        "a table that this supplier is not expected to deliver",
        "the tables that the catalogue lists for the supplier",
        "Take the table out, or have it added to suppliers.yaml.",
    ),
    "unlisted_table": Rule(
        "Parquet files that the manifest does not name", "only what the manifest names", _ENCODE
    ),
    "unlisted_file": Rule(
        "files or folders that the manifest does not name",
        "only what the manifest names",
        "Take them out of the folder.",
    ),
    "missing_file": Rule(
        "the manifest names a file that is not there, or is a link", "a regular file", _ENCODE
    ),
    "unreadable_file": Rule("the file cannot be read", "a Parquet file", _ENCODE),
    "hash_mismatch": Rule(
        "the file is not the one that the manifest describes",
        "the sha256 of the manifest",
        "Copy the delivery again; if it still differs, encode again.",
    ),
    "rows_mismatch": Rule(
        "the number of rows differs from the manifest", "the number of rows of the manifest", _ENCODE
    ),
    "unlisted_column": Rule(
        "a column that is not in the contract",
        "only columns of the contract",
        "Take the column out; encode drops it by itself.",
    ),
    "missing_column": Rule(
        "a column that may not be empty is absent",
        "every column that the contract requires",
        "Name the column as the contract does, and encode again.",
    ),
    "uninspectable_column": Rule(
        "a type that cannot be looked into", "text, a number, a date or true and false", _ENCODE
    ),
    "full_date_of_birth": Rule(
        "rows with a full date in a column that may hold none, or a day in a month of birth",
        "months of birth as the first of the month, other dates only in date columns",
        _MAPPING,
    ),
    "postcode": Rule("rows with a full postcode", "small areas (LSOA) and tokens only", _MAPPING),
    "email": Rule("rows with an e-mail address", "no e-mail address", _MAPPING),
    "upn": Rule("rows with a unique pupil number in clear", "tokens only", _MAPPING),
    "nhs_numbers": Rule(
        "rows with a ten-digit number that passes the NHS check digit, more than chance explains",
        "tokens only",
        _MAPPING,
    ),
    "no_test_vectors": Rule(
        "tokens without test vectors or key version", "test vectors of the linkage key", _ENCODE
    ),
    "wrong_key": Rule(
        "tokens made with another linkage key than those received so far",
        "the linkage key that the key holder gave to every supplier",
        "Ask the key holder for the current key file and encode again.",
    ),
    "another_record_secret": Rule(
        "record keys made with another record secret than in this supplier's earlier deliveries",
        "the record secret of the earlier deliveries, so that people are the same records again",
        "Encode again with that secret. If it is lost, ask the analyst to receive with --new-record-secret.",
    ),
    "shared_record_secret": Rule(
        "record keys made with the record secret of another supplier",
        "a record secret that no other supplier has",
        "Make one of your own, and encode again; whoever holds it could work out whose your records are.",
        refuses=False,
    ),
    "objections_to_list_again": Rule(
        "record keys under a new secret: objections listed under the old one no longer find their people",
        "every objection listed again under the new secret",
        "Deliver opt_outs encoded with the new secret before the next run.",
        refuses=False,
    ),
    "another_id_system": Rule(
        "ids of another --id-system than in this supplier's earlier deliveries of the table",
        "the same ids for the same people each time",
        "Encode again with the same --id-system, unless the table now comes from another system.",
        refuses=False,
    ),
    "token_type": Rule("tokens are not signed 64-bit integers", "tokens as encode makes them", _ENCODE),
    "unkeyed_token": Rule(
        "rows whose token is a small number, as an identifier in clear would be",
        "keyed hashes, which spread over 64 bits",
        _ENCODE,
    ),
    "common_token": Rule(
        "rows share one token",
        "no value in more than 2 of 100 rows",
        "Often a placeholder in the raw file, such as an unknown address: leave the value empty.",
        refuses=False,
    ),
    "not_linkable": Rule(
        "rows of people with neither a national identifier nor surname and date of birth",
        "enough to find a person elsewhere, in all but 2 of 100 rows",
        "Add nhs_number, upn, or surname and dob to the raw file; without them nobody can be linked.",
        refuses=False,
    ),
}


@dataclass(frozen=True)
class Finding:
    """What one rule found, where, and how often. `column` is a known header or "an unlisted column"."""

    table: str | None
    column: str | None
    rule: str
    count: int

    @property
    def refuses(self) -> bool:
        """Whether the delivery is turned away; otherwise it is a warning."""
        return RULES[self.rule].refuses

    def __str__(self) -> str:
        where = ", ".join(part for part in (self.table, self.column) if part) or "delivery"
        rule = RULES[self.rule]
        return f"{where}: {rule.found} [{self.rule}: {self.count:,}]. Expected {rule.expected}. {rule.todo}"


@dataclass(frozen=True)
class GateReport:
    """Everything that the gate found in one delivery folder. `manifest` is None when it cannot be read."""

    findings: list[Finding]
    manifest: Manifest | None = None

    @property
    def refused(self) -> bool:
        """Whether any finding turns the delivery away."""
        return any(finding.refuses for finding in self.findings)

    @property
    def counts(self) -> dict[str, int]:
        """How often each rule was met, over all tables and columns."""
        totals: dict[str, int] = {}
        for finding in self.findings:
            totals[finding.rule] = totals.get(finding.rule, 0) + finding.count
        return totals


class DeliveryRefused(InputRefused):
    """The privacy gate turned a delivery away; the message gives rules and counts, never a value."""

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = [finding for finding in findings if finding.refuses]
        super().__init__("delivery refused:\n" + "\n".join(f"  {finding}" for finding in self.findings))
