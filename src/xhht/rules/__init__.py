"""The condition language, the scoring rules, and the plan to which both are lowered.

This package is independent of YAML, subjects and tables. The meaning of rules is defined once, in
`xhht.rules.plan.meaning`.
"""
