"""The rules by which ``luoshi.kernel.check`` proves a programme sound, one small function each."""
