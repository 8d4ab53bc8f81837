"""How many examples the generative tests try: few by default, the same each time; many on request.

GENERATIVE=thorough .venv/bin/pytest tests/generative
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]

settings.register_profile(
    "few", max_examples=20, deadline=None, derandomize=True, database=None, suppress_health_check=SLOW
)
settings.register_profile("thorough", max_examples=150, deadline=None, suppress_health_check=SLOW)
settings.load_profile(os.environ.get("GENERATIVE", "few"))
