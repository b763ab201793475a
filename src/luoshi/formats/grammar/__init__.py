"""A grammar: what a file may say. One description reads the file, judges it and documents it."""
