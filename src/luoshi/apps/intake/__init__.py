"""Where residents and enterprises ask, follow by number, add and rate."""
