"""Criteria profiles: reads YAML, returns a checked profile, reports every error with its line.

This package does not depend on evaluation.
"""
