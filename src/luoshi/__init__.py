"""Luoshi (落实): every matter gets an answer, and every answer is carried through."""

__version__ = "0.1.0"
