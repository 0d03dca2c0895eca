"""War rooms: the plan, the rooms, the cards in them, and repair."""
