"""What every supplier records of a block of people, into its raw files.

Who is on a supplier's main books comes first and depends on nothing that follows, so that the identities of
a seed stay as they are when more is recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import polars as pl

from outcome_linkage.synthetic.agencies.activity import activities
from outcome_linkage.synthetic.agencies.adult_care import adult_care
from outcome_linkage.synthetic.agencies.disadvantage import Disadvantage, disadvantage
from outcome_linkage.synthetic.agencies.early_help import early_help
from outcome_linkage.synthetic.agencies.education import exclusions, on_roll
from outcome_linkage.synthetic.agencies.employment import employment
from outcome_linkage.synthetic.agencies.health import health_records, known_patients, register
from outcome_linkage.synthetic.agencies.homelessness import homeless_records
from outcome_linkage.synthetic.agencies.injuries import attendances
from outcome_linkage.synthetic.agencies.looked_after import CareRecords, care_records
from outcome_linkage.synthetic.agencies.mental_health import mental_health_records
from outcome_linkage.synthetic.agencies.need import NeedRecords, need_records
from outcome_linkage.synthetic.agencies.police import PoliceRecords, police_records
from outcome_linkage.synthetic.agencies.police_contacts import police_contacts
from outcome_linkage.synthetic.agencies.relatives import maternity_records, social_work_records
from outcome_linkage.synthetic.agencies.schools import enrolments
from outcome_linkage.synthetic.agencies.scores import measure_scores
from outcome_linkage.synthetic.agencies.services import service_episodes
from outcome_linkage.synthetic.agencies.treatment import treatment
from outcome_linkage.synthetic.files.authority import CouncilFiles, CouncilRecords
from outcome_linkage.synthetic.files.community_health import CommunityFiles
from outcome_linkage.synthetic.files.council_services import ServiceFiles, ServiceRecords
from outcome_linkage.synthetic.files.health import HealthFiles, RegisterFiles
from outcome_linkage.synthetic.files.mental_health import MentalHealthFiles
from outcome_linkage.synthetic.files.newcomers import NewcomerFiles, newcomers
from outcome_linkage.synthetic.files.police import PoliceFiles
from outcome_linkage.synthetic.files.police_contacts import ContactFiles
from outcome_linkage.synthetic.files.relationships import relationships, relatives
from outcome_linkage.synthetic.files.voluntary import VoluntaryFiles, VoluntaryRecords
from outcome_linkage.synthetic.life import Lives
from outcome_linkage.synthetic.organisations import of_supplier
from outcome_linkage.synthetic.places import Places
from outcome_linkage.synthetic.randomness import stream
from outcome_linkage.synthetic.records import Books, books, together
from outcome_linkage.synthetic.truth import Truth
from outcome_linkage.synthetic.window import (
    ICB,
    LOCAL_AUTHORITIES,
    POLICE,
    VOLUNTARY,
    WINDOW_END,
    DeliveryPlan,
    plans,
)
from outcome_linkage.synthetic.write import RawFiles

NEWCOMERS = "people_of_other_systems"
"""The raw file of identities of people who are not on a supplier's main books."""


@dataclass(frozen=True)
class Setting:
    """What every block needs."""

    raw: RawFiles
    truth: Truth
    identities_only: bool
    equal_errors: bool


def record(setting: Setting, lives: Lives) -> None:
    """What every supplier records of a block, into their raw files."""
    setting.truth.add_lives(lives)
    recorder = _Recorder(setting, lives)
    for supplier in LOCAL_AUTHORITIES:
        recorder.council(supplier)
    recorder.police()
    recorder.board()
    if not setting.identities_only:
        recorder.voluntary()


def record_organisations(setting: Setting, places: Places, seed: int) -> None:
    """The organisations of every supplier that knows of some, in its last delivery."""
    for supplier in () if setting.identities_only else (*LOCAL_AUTHORITIES, ICB, VOLUNTARY):
        random = stream(seed, 0, f"spoil organisations {supplier}")
        setting.raw.add(plans(supplier)[-1], "organisations", of_supplier(supplier, places), random)


@dataclass(frozen=True)
class _Recorder:
    setting: Setting
    lives: Lives

    @cached_property
    def _care(self) -> CareRecords:
        return care_records(self.lives)

    @cached_property
    def _need(self) -> NeedRecords:
        return need_records(self.lives)

    @cached_property
    def _school(self) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
        """Pupils, exclusions, enrolments."""
        pupils, excluded = on_roll(self.lives), exclusions(self.lives)
        enrolled = enrolments(self.lives, excluded)
        known = enrolled.join(pupils, on=["who", "supplier"], how="semi", maintain_order="left")
        return pupils, excluded, known

    @cached_property
    def _services(self) -> ServiceRecords:
        return ServiceRecords(
            early_help(self.lives, self._need),
            homeless_records(self.lives, self._needs),
            activities(self.lives),
            adult_care(self.lives, self._needs),
        )

    @cached_property
    def _crimes(self) -> PoliceRecords:
        return police_records(self.lives)

    @cached_property
    def _needs(self) -> Disadvantage:
        return disadvantage(self.lives)

    def council(self, supplier: str) -> None:
        """Children in need and in care, pupils, and who is related to them."""
        own = pl.col("supplier") == supplier
        pupils, excluded, enrolled = (table.filter(own) for table in self._school)
        need, care = self._need.of(supplier), self._care.of(supplier)
        found = CouncilRecords(supplier, pupils, need, care, excluded, enrolled)
        held = self._books(supplier, found.known())
        files = CouncilFiles(self.lives, found, held)
        related = social_work_records(self.lives, supplier, found.need.cases)
        others = self._books(supplier, newcomers(relatives(related), (held,)), " relatives")
        families = NewcomerFiles(self.lives, others)
        if not self.setting.identities_only:
            self._council_services(supplier, (held, others))
        for plan in self._plans(supplier):
            self._add(plan, {"link_tokens": files.identities(plan)})
            self._add(plan, {"link_tokens": families.identities(plan)}, of=" of relatives")
            if not self.setting.identities_only:
                self._add(plan, files.tables(plan))
                self._add(plan, {"relationships": relationships(related, (held, others), plan)})
                random = self.lives.block.random(f"spoil cin {plan.supplier} {plan.period}")
                self.setting.raw.add_children(plan, files.census(plan), random)

    def _council_services(self, supplier: str, held: Sequence[Books]) -> None:
        """Early help, homelessness, activity at 16 and 17, adult social care."""
        found = self._services.of(supplier)
        clients = self._books(supplier, newcomers(found.known(plans(supplier)[-1].end), held), " services")
        people = NewcomerFiles(self.lives, clients)
        files = ServiceFiles(self.lives, found, together((*held, clients)))
        for plan in self._plans(supplier):
            if tables := files.tables(plan):
                self._add(plan, {NEWCOMERS: people.identities(plan), **tables})

    def voluntary(self) -> None:
        """Services of the voluntary organisation, and who uses them."""
        services = service_episodes(self.lives, self._needs, self._need.protected())
        begun = services.episodes.filter(pl.col("started") <= WINDOW_END).select("who", day="started")
        random = self.lives.block.random("employment of clients")
        found = VoluntaryRecords(
            services,
            measure_scores(self.lives, services),
            treatment(self.lives, self._needs),
            employment(random, self.lives, begun, self._needs),
        )
        held = self._books(VOLUNTARY, found.known())
        people, files = NewcomerFiles(self.lives, held), VoluntaryFiles(self.lives.block, found, held)
        for plan in self._plans(VOLUNTARY):
            self._add(plan, {"link_tokens": people.identities(plan), **files.tables(plan)})

    def police(self) -> None:
        """Crimes, incidents and other contacts."""
        self.setting.truth.add_incidents(self.lives, self._crimes)
        held = self._books(POLICE, self._crimes.known())
        files = PoliceFiles(self.lives, self._crimes, held)
        for plan in self._plans(POLICE):
            self._add(plan, {"link_tokens": files.identities(plan)})
        if self.setting.identities_only:
            return
        met = police_contacts(self.lives, self._crimes, self._care.missing, self._needs)
        others = self._books(POLICE, newcomers(met.known(), (held,)), " contacts")
        contacts = ContactFiles(self.lives, met, together((held, others)))
        people = NewcomerFiles(self.lives, others)
        for plan in self._plans(POLICE):
            self._add(plan, {NEWCOMERS: people.identities(plan)})
            self._add(plan, {**files.tables(plan), **contacts.tables(plan)})

    def board(self) -> None:
        """The register, and what happens to those on it."""
        registered = register(self.lives)
        patients = known_patients(registered)
        held = self._books(ICB, patients)
        files = RegisterFiles(self.lives, registered, held)
        for plan in self._plans(ICB):
            self._add(plan, {"link_tokens": files.identities(plan)})
        if self.setting.identities_only:
            return
        found = health_records(self.lives, registered)
        came = attendances(self.lives, registered, found.attendances, self._crimes)
        found = replace(found, attendances=came)
        events = HealthFiles(self.lives, found, held)
        after = mental_health_records(self.lives, found.referrals.with_row_index("n"))
        minds = MentalHealthFiles(self.lives.block, after, events.referral_keys)
        community = CommunityFiles(self.lives, registered, found, self._needs, held)
        mothers = maternity_records(self.lives, patients)
        for plan in self._plans(ICB):
            self._add(plan, {"residence": files.residence(plan), **events.tables(plan)})
            self._add(plan, {**minds.tables(plan), **community.tables(plan)})
            self._add(plan, {"relationships": relationships(mothers, (held,), plan)})

    def _books(self, supplier: str, known: pl.DataFrame, shelf: str = "") -> Books:
        held = books(self.lives, supplier, known, equal_errors=self.setting.equal_errors, shelf=shelf)
        self.setting.truth.add_books(self.lives, held)
        return held

    def _plans(self, supplier: str) -> tuple[DeliveryPlan, ...]:
        """All deliveries of a supplier; for identities only the last, which holds everyone."""
        return plans(supplier)[-1:] if self.setting.identities_only else plans(supplier)

    def _add(self, plan: DeliveryPlan, tables: Mapping[str, pl.DataFrame], of: str = "") -> None:
        for name, rows in tables.items():
            random = self.lives.block.random(f"spoil {name}{of} {plan.supplier} {plan.period}")
            self.setting.raw.add(plan, name, rows, random)
