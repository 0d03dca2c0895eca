"""Messages to people and rooms: whom, where, and how a message of ours is found again."""
