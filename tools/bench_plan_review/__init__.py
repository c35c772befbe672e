"""Measures plan_review with a big plan, beside what Python needs to parse its JSON.

``make bench-plan-review`` writes the plan of a stack of 5,000 resources, about 50 MB, and runs, in
processes of their own and more than once each,

- ``json.load`` and nothing else: its time, and the memory of what it makes,
- ``python -m scripts.plan_review``, from the start of the interpreter to its end.

The modules: ``sample`` makes the plan, with the resources of ``attributes``; ``child`` is the
process that is measured, ``run`` starts it, ``report`` compares and prints.
"""
