"""Doors to other programs, as people see them: webhooks, tokens, the calendar of deadlines."""
