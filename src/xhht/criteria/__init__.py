"""Criteria profiles: YAML in, checked profile out, and every fault with its line.

This package knows nothing of evaluation.
"""
