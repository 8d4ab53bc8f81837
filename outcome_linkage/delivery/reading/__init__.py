"""A supplier's file of any layout as rows of text, each with the place where it stands."""
