"""How fast is fast: each figure against a limit of the same machine, measured in the same run."""
