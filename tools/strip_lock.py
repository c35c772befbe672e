"""Makes a Pipfile.lock that works behind any mirror: ``strip_lock.py Pipfile Pipfile.lock``.

pipenv writes the addresses of the machine's package registries into the lock, and into the
hash by which it recognises the Pipfile: a lock made behind one mirror is refused behind another.
"""

import hashlib
import json
import sys
import tomllib
from pathlib import Path

DEFAULT_SOURCE = {"name": "pypi", "url": "https://pypi.org/simple", "verify_ssl": True}
"""What pipenv takes for the source of a Pipfile that names none, if pip is not configured."""


def pipfile_hash(pipfile: Path) -> str:
    """Return pipenv's hash of a Pipfile, as pipenv has it where pip is not configured.

    Package names must be in their canonical form: lower case, hyphens.
    """
    content = tomllib.loads(pipfile.read_text(encoding="utf-8"))
    hashed = {
        "_meta": {"sources": [DEFAULT_SOURCE], "requires": content.get("requires", {})},
        "default": content["packages"],
        "develop": content["dev-packages"],
    }
    text = json.dumps(hashed, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def strip(pipfile: Path, lock: Path) -> None:
    """Rewrite the lock without any address, and with the hash of a machine without mirrors."""
    content = json.loads(lock.read_text(encoding="utf-8"))
    content["_meta"]["sources"] = []
    content["_meta"]["hash"]["sha256"] = pipfile_hash(pipfile)
    for section in ("default", "develop"):
        for package in content[section].values():
            package.pop("index", None)
    lock.write_text(json.dumps(content, indent=4, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    strip(Path(sys.argv[1]), Path(sys.argv[2]))
