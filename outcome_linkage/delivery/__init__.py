"""From a supplier's raw return to validated tables: read, encode, check, receive, validate, reject."""
