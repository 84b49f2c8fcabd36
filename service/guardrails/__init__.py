"""Guardrails: rules that the resources of a plan are held to, with exemptions that expire."""
