"""What Tocsin keeps for its own work: jobs, deliveries, stored events, texts of the platforms."""
