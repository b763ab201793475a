"""An invented county with invented people, so that everything can be tried at once."""
