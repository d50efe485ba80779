"""The command: `route` goes its own short way, everything else through click."""

from __future__ import annotations

import gc
import os
import sys


def process() -> None:
    """Be the process of the command line.

    What a start of `route` makes, it needs to its end: looking for garbage among it, and taking it
    apart afterwards, would take longer than the decision.
    """
    gc.disable()
    code = main()
    if "click" in sys.modules:  # not `route`: there may be more to bring to an end
        sys.exit(code)
    os._exit(code)


def main() -> int:
    """Run the command line; gives the exit code."""
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
    if options is None or options["jsonl"]:
        gc.enable()  # it may be long
    if options is not None:
        code = hot.main(options)
        sys.stdout.flush()  # here, where it matters whether anybody still reads
        return code
    from conductor.cli.root import run

    return run(argv)


if __name__ == "__main__":
    process()
