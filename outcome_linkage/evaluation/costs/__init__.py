"""Costs and consequences: prices, price years, discounting, costs by sector, and costs beside effects.

Pure functions on frames with the columns of `ev_event`, `ev_person` and `ev_period`. Money is GBP of the
price year that is asked for. Nothing here knows Dagster, SQL or the specification.
"""
