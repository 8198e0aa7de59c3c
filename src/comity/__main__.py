"""``python -m comity`` is the command ``comity``."""

from comity.cli.main import main

if __name__ == "__main__":
    main(prog_name="comity")
