"""Every delivered row kept or rejected by its contract, and which of the kept ones hold today."""
