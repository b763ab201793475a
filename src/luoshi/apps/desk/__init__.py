"""Where operators, dispatchers, handlers and supervisors work."""
