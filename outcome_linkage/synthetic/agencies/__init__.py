"""What each agency records of what happens. One file for each kind of record; none knows of files or faults.

Frames carry `who` (and days as integers) where the delivered table carries record_key (and dates).
"""
