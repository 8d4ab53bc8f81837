"""Thin Dagster assets in the order of the road, landing to releases, and what they share."""
