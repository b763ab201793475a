"""Where programmes are read, checked and tried out."""
