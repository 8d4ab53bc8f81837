"""The raw files that suppliers make of their records: columns as text, one frame for each delivery."""
