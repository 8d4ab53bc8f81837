"""The quality pack of a linkage run: what went in, what was done, how right it is, for whom."""
