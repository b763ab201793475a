"""Figures by day, week, month, quarter and year, each opening to the cases behind it."""
