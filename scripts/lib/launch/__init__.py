"""Launching products of Service Catalog: observe -> plan -> carry out -> report.

- ``model``: what there is to launch and what has been launched, as frozen data.
- ``catalog`` and ``owned``: read it from AWS; ``choose`` says which one is meant (pure).
- ``given``, ``ask``: values of parameters, from the command line and from a person.
- ``parameters``: whether values fit (pure). ``plan``: what a request comes to (pure).
- ``apply``, ``following``: ask Service Catalog for it, and look until it has ended.
- ``looking``, ``operations``: the verbs; call them from a pipeline of your own.
"""

from scripts.lib.launch.looking import list_launched, show
from scripts.lib.launch.operations import end, follow, start, update
from scripts.lib.launch.result import Manner, Result

__all__ = ["Manner", "Result", "end", "follow", "list_launched", "show", "start", "update"]
