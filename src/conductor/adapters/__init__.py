"""Doors: one outside system each."""
