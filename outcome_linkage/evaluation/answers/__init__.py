"""What a study answers, from its tables: estimates, curves, what must hold before they are shown, and hiding.

Only what is made of the tables of the engine belongs here; formulae belong in `estimates` and `costs`.
"""
