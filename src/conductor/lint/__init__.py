"""Generality: what keeps an ensemble from working where it was not made."""
