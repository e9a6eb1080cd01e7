"""The command ``completion``: the script with which a shell completes the command line."""

import argparse

_SHELLS = ("bash", "zsh", "fish")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the shell."""
    parser.add_argument("shell", metavar="SHELL", choices=_SHELLS, help="bash, zsh or fish")


def run(options: argparse.Namespace) -> int:
    """Print the script for a shell."""
    from bptui.cli.completion_script import make_script
    from bptui.cli.main import make_parser

    print(make_script(make_parser(), options.shell))
    return 0
