"""How much memory a process has had."""

import subprocess
import sys

from tools.peak_memory import peak_megabytes

PROGRAM = """
from tools.peak_memory import peak_megabytes
before = peak_megabytes()
taken = bytearray(100 * 1024 ** 2); taken[::4096] = b"x" * len(taken[::4096]); del taken
print(before, peak_megabytes())
"""


def measured() -> tuple[float, float]:
    done = subprocess.run(  # noqa: S603  our own program
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    before, after = done.stdout.split()
    return float(before), float(after)


def test_the_peak_stays_after_memory_was_given_back() -> None:
    before, after = measured()
    assert 95 < after - before < 140


def test_the_peak_is_not_that_of_the_process_which_started_it() -> None:
    taken = bytearray(300 * 1024**2)
    taken[::4096] = b"x" * len(taken[::4096])
    assert peak_megabytes() > 300
    assert measured()[0] < 250
    del taken
