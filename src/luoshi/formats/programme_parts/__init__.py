"""The sections of a programme file: how each is written, and the kernel value it becomes."""
