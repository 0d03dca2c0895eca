"""What changes rows of many nouns at once: erasing a text, forgetting old ones, merging people."""
