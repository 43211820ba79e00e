"""`python -m convlens`: the command line where the `convlens` command is not on the path."""

from convlens.cli import main

__all__ = ["main"]

if __name__ == "__main__":
    main()
