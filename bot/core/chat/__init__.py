"""The chat vocabulary: cards, forms, and what platforms speak with the core."""
