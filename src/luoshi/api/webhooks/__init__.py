"""What programs can read about events before they subscribe."""
