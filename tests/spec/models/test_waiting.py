"""Models that wait for their first delivery: which they are, and that nothing can be in them."""

from __future__ import annotations

from pathlib import Path

from outcome_linkage.models.graph import build_graph
from outcome_linkage.models.sql_file import load_models
from outcome_linkage.models.waiting import waiting
from tests.sql_models import model_text, sql_folder

RECORDS = "select a from validated.{} as t left join registry.record_person as r on r.record_key = t.a"
FILES = {
    "staging/arrests": RECORDS.format("arrests"),
    "staging/referrals": RECORDS.format("referrals"),
    "intermediate/arrest_codes": "select a from arrests inner join reference.codes as c on c.a = arrests.a",
    "intermediate/contacts": "select a from arrests union all select a from referrals",
    "intermediate/suppliers": "select a from catalogue.suppliers left join arrests using (a)",
    "marts/person": "select a from registry.person_spine left join arrests using (a)",
    "marts/about_people": "select a from person",
}


def waits(folder: Path, *delivered: str) -> set[str]:
    """The models that wait when these tables were delivered."""
    files = {name: model_text(sql, "a") for name, sql in FILES.items()}
    return set(waiting(build_graph(load_models(sql_folder(folder, files))), delivered))


def test_a_table_waits_while_nothing_that_it_is_made_of_was_ever_delivered(tmp_path: Path) -> None:
    """Directly or through others; reference files and the person of a record bring no rows of their own."""
    assert waits(tmp_path) == {"arrests", "referrals", "arrest_codes", "contacts"}


def test_a_table_of_several_waits_for_none_once_one_of_them_came(tmp_path: Path) -> None:
    """It may hold rows of that one."""
    assert waits(tmp_path, "referrals") == {"arrests", "arrest_codes"}


def test_what_lists_people_or_suppliers_never_waits(tmp_path: Path) -> None:
    """They are there without the table that is joined to them."""
    never = {"suppliers", "person", "about_people"}
    assert waits(tmp_path).isdisjoint(never)
