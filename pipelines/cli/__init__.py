"""The command line `outcome-linkage`: one module per user. Heavy imports happen inside the commands."""

from pipelines.cli import (
    agreements,
    analyst,
    deliveries,
    demo,
    evaluation_report,
    evaluation_runs,
    evaluation_tables,
    evaluations,
    linker,
    quality,
    researcher,
    rules,
    supplier,
)
from pipelines.cli.app import app

__all__ = [
    "agreements",
    "analyst",
    "app",
    "deliveries",
    "demo",
    "evaluation_report",
    "evaluation_runs",
    "evaluation_tables",
    "evaluations",
    "linker",
    "quality",
    "researcher",
    "rules",
    "supplier",
]
