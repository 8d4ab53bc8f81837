"""Costs and consequences: what was used, prices, price years, discounting, costs by sector, and costs beside
effects.

Money is GBP of the price year of the study. Formulae are functions on frames; `make` and `person_costs` know
the tables of a study, and nothing here knows Dagster.
"""
