"""Makes a Pipfile.lock that works behind any mirror: ``strip_lock.py Pipfile.lock HASH``.

pipenv writes the addresses of the machine's package registries into the lock, and into the
hash by which it recognises the Pipfile: a lock made behind one mirror is refused behind another.
HASH is the one that pipenv computes where pip is not configured.
"""

import json
import sys
from pathlib import Path


def strip(lock: Path, pipfile_hash: str) -> None:
    """Rewrite the lock without any address, and with the hash of a machine without mirrors."""
    content = json.loads(lock.read_text(encoding="utf-8"))
    content["_meta"]["sources"] = []
    content["_meta"]["hash"]["sha256"] = pipfile_hash
    for section in ("default", "develop"):
        for package in content[section].values():
            package.pop("index", None)
    lock.write_text(json.dumps(content, indent=4, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    strip(Path(sys.argv[1]), sys.argv[2])
