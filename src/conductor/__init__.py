"""Declarative policy and ensemble registry for mixing small local models with a frontier model."""

__version__ = "0.1.0"
