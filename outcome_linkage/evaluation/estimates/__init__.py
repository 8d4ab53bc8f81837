"""Estimates from person or period tables: one family of estimators a file. No Dagster, no SQL, no
specification.

Every public estimator takes a frame with the columns of `ev_person` or `ev_period` and an `Asked`, and
returns `Estimate`s. What cannot be estimated comes back without figures and with a reason; nothing is
guessed. Libraries that are slow to import are imported inside functions.
"""
