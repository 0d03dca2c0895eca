"""What every package uses: people, incidents and severities as values, errors, time, cards, events, the ports.

Its list of files is fixed.
"""
