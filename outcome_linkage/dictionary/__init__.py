"""The data dictionary: what suppliers send and researchers query, in words, for people and for programs.

Everything in it is read from contracts, code lists, SQL headers and the SQL itself. `facts` says what is
known of a table; `delivered` and `research` gather it; `page`, `sheets` and `data_package` write it.
"""
