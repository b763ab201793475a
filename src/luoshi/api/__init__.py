"""The interfaces for machines: JSON API, Open311 and webhooks."""
