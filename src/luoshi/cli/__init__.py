"""The command `luoshi`: one file per sub-command."""
