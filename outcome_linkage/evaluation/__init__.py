"""Questions answered with the marts. The standing one is asked every night; others are YAML files."""
