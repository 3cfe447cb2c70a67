#!/usr/bin/env python
"""The operator's verbs."""

import sys

from config.local.command_line import operate

if __name__ == "__main__":
    operate(sys.argv)
