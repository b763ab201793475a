"""Triage of a message (智能分拣): what about, whose, how pressing, what to hide.

The machine suggests and a person decides: nothing here routes, declines or publishes anything.

Doors    ``training.train`` and ``model.Model`` (category) · ``unit.suggest_unit`` ·
         ``urgency.urgency`` · ``places.places`` · ``personal.personal_spans`` and ``redact`` ·
         ``insight.text.language.detect_language``
"""
