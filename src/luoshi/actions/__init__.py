"""One function per thing a person may do: load and lock, decide, record, announce."""
