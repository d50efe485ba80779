"""The command: `route` goes its own short way, everything else through click."""

from __future__ import annotations

import os
import sys


def main() -> int:
    """Run the command line of this process; gives the exit code."""
    try:
        return _dispatch(sys.argv[1:])
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        return 130
    except BrokenPipeError:
        # Whoever read our output has left. Nothing may be written at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception:  # noqa: BLE001 - the last resort: nothing else may see it
        from conductor.cli.root import crashed

        return crashed()


def _dispatch(argv: list[str]) -> int:
    from conductor.cli import hot

    options = hot.arguments(argv)
    if options is not None:
        return hot.main(options)
    from conductor.cli.root import run

    return run(argv)


if __name__ == "__main__":
    sys.exit(main())
