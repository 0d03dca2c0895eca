"""Wall clocks and instants, and the times that people type."""
