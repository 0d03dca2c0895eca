"""The internal side for machines: health, readiness, metrics."""
