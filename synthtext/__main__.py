"""`python -m synthtext` is the `synthtext` command."""

from synthtext.cli import main

if __name__ == "__main__":
    main()
