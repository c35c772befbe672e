"""Synthesises Terraform JSON from a settings file: ``python main.py SETTINGS.tfvars``."""

import gc
import sys
from pathlib import Path

import slim_bindings

ROOT = Path(__file__).parent


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print("usage: python main.py SETTINGS.tfvars", file=sys.stderr)
        return 1
    slim_bindings.install(ROOT / "modules", cache=ROOT / ".cache" / "slim_bindings")
    from modules.settings import SettingsError, load

    try:
        settings = load(arguments[0])
        from modules.source_map import SourceMap  # bad settings are told before the bindings load
        from modules.stacks import build_app

        with SourceMap(ROOT) as sources:
            app = build_app(settings)
    except (SettingsError, ValueError) as error:  # a construct's refusal is a ValueError
        print(error, file=sys.stderr)
        return 1
    except slim_bindings.NodeError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    app.synth()
    sources.write(app.outdir)
    return 0


if __name__ == "__main__":
    gc.disable()  # in a second's work there is nothing worth collecting, and a fifth of it to save
    status = main(sys.argv[1:])
    gc.freeze()  # nor at the interpreter's end
    sys.exit(status)
