"""Sentences for pages: the same that every face tells (``actions.sentences``)."""

from luoshi.actions.sentences import ANSWERS, REFUSALS, problem_sentence, refusal_sentence

__all__ = ["ANSWERS", "REFUSALS", "problem_sentence", "refusal_sentence"]
