"""Values and the arithmetic on them: standard library only, no I/O, no clock, no randomness."""
