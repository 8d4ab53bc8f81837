"""The tables of released counts that every night makes."""

from __future__ import annotations

from outcome_linkage.evaluation.repairs import REPAIR_COUNTS
from outcome_linkage.evaluation.standing import STATUS_COUNTS

NIGHTLY = (STATUS_COUNTS, REPAIR_COUNTS)
