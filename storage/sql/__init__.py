"""How a statement reaches a driver: column types, compiled plans, upserts, and what a refusal means."""
