"""`python -m checker` is `weighbridge`."""

from checker.main import entry

if __name__ == "__main__":
    entry()
