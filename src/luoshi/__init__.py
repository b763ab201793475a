"""Luoshi (落实): every matter gets an answer, and every answer is carried through."""

import os

__version__ = "0.1.0"

# Suggestions multiply small matrices. With several threads each of them waits in a loop for the
# others, on a core that another request wants. numpy reads this when it is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
