"""The tests: of each package, and stories that cross them all."""
