"""The command line `outcome-linkage`: one module per user. Heavy imports happen inside the commands."""

from pipelines.cli import analyst, demo, linker, quality, researcher, supplier
from pipelines.cli.app import app

__all__ = ["analyst", "app", "demo", "linker", "quality", "researcher", "supplier"]
