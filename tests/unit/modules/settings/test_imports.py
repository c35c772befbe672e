"""Settings are read, and their faults told, without the 12 seconds that the bindings take."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[4]
SHOW = "import sys, modules.settings; print(*{name.partition('.')[0] for name in sys.modules})"


def test_importing_the_settings_imports_neither_cdktf_nor_boto3() -> None:
    done = subprocess.run(  # noqa: S603 (a command of ours)
        [sys.executable, "-c", SHOW], cwd=ROOT, capture_output=True, text=True, check=True
    )
    imported = set(done.stdout.split())
    assert "modules" in imported
    assert not imported & {"cdktf", "constructs", "jsii", "cdktf_cdktf_provider_aws", "boto3"}
