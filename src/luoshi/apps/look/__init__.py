"""The look that all screens share: layout, form questions, words. No tables, no views.

It lies below the other apps: they may use it, it knows none of them.
"""
