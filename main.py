"""Synthesises Terraform JSON from a settings file: ``python main.py SETTINGS.tfvars``."""

import sys

from modules.settings import SettingsError, load


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print("usage: python main.py SETTINGS.tfvars", file=sys.stderr)
        return 1
    try:
        settings = load(arguments[0])
        from modules.stacks import build_app  # bad settings are told before the bindings load

        app = build_app(settings)
    except (SettingsError, ValueError) as error:  # a construct's refusal is a ValueError
        print(error, file=sys.stderr)
        return 1
    app.synth()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
