"""The condition language, the scoring rules, and the plan that both are lowered to.

This package knows nothing of YAML, of subjects or of tables. What a rule means is written once,
in `xhht.rules.plan.meaning`.
"""
