"""The public status page: it serves what was rendered, and knows nothing else."""
