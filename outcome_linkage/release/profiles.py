"""The disclosure rules of data owners as a table: one profile each, and the strictest of several.

- `nhs_hes`: NHS England, HES and ECDS below national level since September 2018 (HES disclosure page).
- `opensafely`: OpenSAFELY, statistical disclosure control (docs/outputs/sdc.md), with its `midpoint6`.
- `ons_10_5`: ONS, fewer than 10 hidden and others to the nearest 5 (post-tabular disclosure control).

Every profile shows zero; where a zero would say something of everybody in a group, a person has to see it.
What they do not say of means, percentiles and curves is our own rule (evaluation.md, B7).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Literal

ProfileName = Literal["nhs_hes", "opensafely", "ons_10_5"]
Totals = Literal["true", "shown"]
"""What a total is made of: the true parts, then rounded; or the parts as they are shown."""


@dataclass(frozen=True)
class Profile:
    """Counts from `hide_from` to `hide_to` are hidden; others are rounded half up to `round_to`.

    Means, standard deviations and costs need `mean_from` people, a percentile `tail_from` on each side of
    it. A curve is made of counts in steps of `curve_step` and ends where fewer than `at_risk_from` are left.
    """

    name: str
    hide_from: int
    hide_to: int
    round_to: int
    totals: Totals
    mean_from: int
    tail_from: int
    curve_step: int
    at_risk_from: int

    @property
    def few(self) -> str:
        """How a hidden count is written."""
        return f"{self.hide_from} to {self.hide_to}"


NHS_HES = Profile("nhs_hes", 1, 7, 5, "true", mean_from=8, tail_from=8, curve_step=7, at_risk_from=8)
OPENSAFELY = Profile("opensafely", 1, 7, 5, "shown", mean_from=8, tail_from=8, curve_step=6, at_risk_from=8)
ONS_10_5 = Profile("ons_10_5", 1, 9, 5, "true", mean_from=10, tail_from=10, curve_step=9, at_risk_from=10)
PROFILES: Mapping[str, Profile] = {profile.name: profile for profile in (NHS_HES, OPENSAFELY, ONS_10_5)}
"""By name."""


def strictest(names: Iterable[str], smallest_cell: int = 0) -> Profile:
    """The strictest rule of each kind among these profiles, with no cell smaller than `smallest_cell`.

    It is called after the profiles that it takes rules from. Raises KeyError for an unknown one.
    """
    profiles = [PROFILES[name] for name in PROFILES if name in {PROFILES[one].name for one in names}]
    together = _together(profiles)
    alike = [one for one in profiles if replace(one, name=together.name) == together]
    named = replace(together, name=alike[0].name) if alike else together
    return _no_smaller(named, smallest_cell)


def _together(profiles: list[Profile]) -> Profile:
    first, *others = profiles
    for other in others:
        most = {rule: max(getattr(first, rule), getattr(other, rule)) for rule in _NUMBERS}
        totals: Totals = "shown" if "shown" in (first.totals, other.totals) else "true"
        from_1 = min(first.hide_from, other.hide_from)
        first = Profile(f"{first.name} and {other.name}", hide_from=from_1, totals=totals, **most)
    return first


_NUMBERS = tuple(field.name for field in fields(Profile) if field.name not in ("name", "hide_from", "totals"))
"""Rules of which the larger is the stricter."""


def _no_smaller(profile: Profile, cell: int) -> Profile:
    """The same, where `cell` people are the fewest that are shown."""
    if cell <= profile.hide_to + 1:
        return profile
    step = max(profile.curve_step, cell - profile.hide_from)
    return replace(
        profile,
        hide_to=cell - 1,
        mean_from=max(profile.mean_from, cell),
        tail_from=max(profile.tail_from, cell),
        curve_step=step,
        at_risk_from=max(profile.at_risk_from, cell),
    )
