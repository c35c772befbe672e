"""Measures post_apply in a big account: one call after another, beside as many as it makes itself.

``make bench-post-apply`` fills the sandbox with users and roles, puts a proxy before it that adds
50 ms to each answer, as AWS takes them, and runs

- all of it one call after another, and as post_apply does it: their times, the calls of each
  operation beside the least that could do, and the memory of a fifth of the account and all of it,
- post_apply again, which has nothing left to write,
- a smaller account twice, the second time with 30 % of the calls throttled and 5 % failing: what
  comes of it must be the same.

Each run is a process of its own. The modules: ``child`` is that process, ``run`` starts it,
``least`` knows the least number of calls, ``report`` compares and prints.
"""
