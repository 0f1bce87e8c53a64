"""`python -m xhht`: the same commands as the `xhht` script."""

from xhht.cli import main

if __name__ == "__main__":
    main()
