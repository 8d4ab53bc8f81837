"""Thin Dagster assets in the order of the road: landing, validated, linkage, models, evaluations, releases."""
