"""The specification of a study as models, by groups of blocks; `evaluation.py` puts them together."""
