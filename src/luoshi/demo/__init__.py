"""An invented city with invented people, so that everything can be tried at once."""
