"""Verbs: one journey per module."""
