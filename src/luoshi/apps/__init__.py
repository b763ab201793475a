"""Screens without tables; no app knows another."""
