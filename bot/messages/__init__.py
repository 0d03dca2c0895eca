"""Telling people and rooms something: whom, where, and how a message of ours is found again."""
