"""From a supplier's raw return to validated tables: encode, gate, receive, validate, reject."""
