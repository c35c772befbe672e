"""Takes the registry's address out of a Pipfile.lock, so that it works behind any mirror."""

import json
import sys
from pathlib import Path


def strip(lock: Path) -> None:
    content = json.loads(lock.read_text(encoding="utf-8"))
    content["_meta"]["sources"] = []
    for section in ("default", "develop"):
        for package in content[section].values():
            package.pop("index", None)
    lock.write_text(json.dumps(content, indent=4, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    strip(Path(sys.argv[1]))
