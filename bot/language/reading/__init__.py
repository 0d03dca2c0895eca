"""Reading what people type: tokens, titles, arguments, names."""
