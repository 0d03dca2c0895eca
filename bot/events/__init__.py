"""What can happen: typed facts of the past tense, one for each thing that a verb changed.

A verb checks, changes, and records what happened; what follows is for those who hear it (``bot.bus``). All events of
one command share an act. Values of the domain come along, so that whoever hears reads nothing twice.
"""
