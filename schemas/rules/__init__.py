"""The rules that a delivery is held against after its rows were judged one by one: data, and a little SQL.

A module is a part of a standard; `ours_...` is what no standard asks for. Nothing here runs a rule.
"""

from __future__ import annotations

from schemas.rules import (
    cin_activity,
    cin_plan,
    cin_referral,
    ours_any,
    ours_council,
    ours_health,
    ours_police,
    ssda903_adoption,
    ssda903_child,
    ssda903_integrity,
    ssda903_last_year,
    ssda903_missing,
    ssda903_outcome,
    ssda903_oversight,
    ssda903_placement,
    ssda903_time,
)
from schemas.rules.rule import RuleBook
from schemas.rules.views import MACROS, VIEWS

_MODULES = (
    ssda903_child,
    ssda903_time,
    ssda903_last_year,
    ssda903_placement,
    ssda903_adoption,
    ssda903_integrity,
    ssda903_missing,
    ssda903_outcome,
    ssda903_oversight,
    cin_referral,
    cin_activity,
    cin_plan,
    ours_council,
    ours_police,
    ours_health,
    ours_any,
)

RULES = RuleBook(MACROS, VIEWS, tuple(rule for module in _MODULES for rule in module.RULES))
