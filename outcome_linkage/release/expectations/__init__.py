"""What must hold of the marts before they are published, judged by Great Expectations.

SQL tests ask whether a table keeps its own promises; a table that breaks one is never swapped in.
Expectations ask what no query of one model can: do values lie where such values lie, do tables agree with
each other and with reference lists and the catalogue, and is tonight like the nights that were accepted?
`suites` is the table of them, `report` runs them, `gate` decides.
"""
