"""The sandbox: an embedded AWS on 127.0.0.1 for the demo and the tests.

`Sandbox.start()` runs moto, completed by what it lacks, in a process of its own, with an account as
a customer has it. Nothing in `modules/` knows that it exists.
"""

from scripts.sandbox.crowd import Crowd
from scripts.sandbox.errors import SandboxError
from scripts.sandbox.guard import GuardError, require_sandbox
from scripts.sandbox.handle import Sandbox

__all__ = ["Crowd", "GuardError", "Sandbox", "SandboxError", "require_sandbox"]
