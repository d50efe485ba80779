"""The command line: parse, ask, call, show."""
