"""Deadlines as a calendar: what a unit has to answer, and until when."""
