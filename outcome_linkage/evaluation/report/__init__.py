"""The report of a run: one page without a network, made of released figures alone.

Each file makes the blocks of one section from the tables of a run; `pictures` draws, `page` puts together.
"""
