"""The one Django app with tables: reads ask who you are, writes take facts."""
