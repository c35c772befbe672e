"""JumpStart for custom roles: observe -> plan -> apply -> report.

- ``model``: what is, as frozen data.
- ``demand``: which roles are needed, and by whom (pure).
- ``observe``: reads it all from AWS, writes nothing; ``roles`` asks IAM.
- ``plan``: what must change, and which preconditions do not hold (pure).
- ``apply``: the executor that makes the changes; a dry run goes through
  ``scripts.lib.changes.DryRun`` instead.

``associate_roles`` does all of it: call it from an onboarding process with the new role.
"""

from scripts.lib.jumpstart.associate import associate_roles, prepare

__all__ = ["associate_roles", "prepare"]
