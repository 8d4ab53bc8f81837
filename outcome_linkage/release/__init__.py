"""What leaves the pipeline: small numbers hidden, person ids re-keyed, the published copy and its readers."""
