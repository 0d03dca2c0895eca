"""On call: who, until when, who is next, and what was changed."""
