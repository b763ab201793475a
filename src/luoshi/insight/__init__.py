"""Pure computing on arrays and tables: the machine suggests, a person decides."""
