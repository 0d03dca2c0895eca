"""Chat platforms, one folder each; they enter the core through dispatch alone."""
