"""How fast is fast: each figure against a limit of the same machine, measured in the same run."""

import luoshi  # noqa: F401  says how many threads numpy may use, which must be said before it is read
