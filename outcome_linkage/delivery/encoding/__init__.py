"""From rows of text to a pseudonymised delivery, on the supplier's own premises."""
