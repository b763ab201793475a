"""What a programme MEANS: pure values and functions. Standard library only, no clock, no I/O."""
