"""`python -m scripts.sandbox.serve`: the entry of the server's process.

What the server imports and seeds stays, and the garbage collector would look at all of it again
and again: a third of the processor time of a start. So it rests until the server is ready.
"""

import gc
import sys
from typing import NoReturn


def main(arguments: list[str]) -> NoReturn:
    gc.disable()
    from scripts.sandbox import server  # noqa: PLC0415  not before the collector rests

    server.main(arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
