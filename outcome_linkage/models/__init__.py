"""Plain SQL files as tables: read them, order them, trace their columns, run them."""
