"""Pure rules in the standard library: no await, no clock, no storage."""
