"""The tests: mirrors of the rooms, and stories that cross them."""
