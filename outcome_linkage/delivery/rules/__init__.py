"""Rules across the rows and tables of a delivery: run once, judged by thresholds as often as wanted.

The rules themselves are handed over by whoever calls; see `schemas.rules`. A rule flags, it rejects nothing.
"""
