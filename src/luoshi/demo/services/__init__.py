"""The other services of the demonstration city, told from files: see ``stories/``.

A story file says who works there, what cases are about, and which courses they take. What each
step asks for is read from its programme, so a story is short, and no code knows a programme.
"""
