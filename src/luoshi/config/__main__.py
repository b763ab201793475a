"""Django's own commands, for developers: ``python -m luoshi.config makemigrations``."""

import os
import sys

from django.core.management import execute_from_command_line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luoshi.config.settings")

if __name__ == "__main__":
    execute_from_command_line(["python -m luoshi.config", *sys.argv[1:]])
