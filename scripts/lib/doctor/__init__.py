"""Why does a user not see JumpStart? A chain of links, each green, red or unknown.

- ``facts``: what was found, as frozen data; a question that AWS refused is a fact as well.
- ``observe``: reads it all from AWS, writes nothing; ``iam`` asks about roles.
- ``chain``: from facts to links (pure); ``policies`` judges what policies grant.
- ``mend``: the command that mends a link, to be pasted.
- ``model``: links and what follows from them; ``report`` shows it.

``diagnose`` does all of it for one user or shared space, ``diagnose_all`` for everybody.
"""

from scripts.lib.doctor.examine import diagnose, diagnose_all

__all__ = ["diagnose", "diagnose_all"]
