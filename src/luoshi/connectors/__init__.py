"""One module per outside system, each with the fake that stands in for it."""
