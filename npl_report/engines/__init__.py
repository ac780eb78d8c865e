"""Engines that take the place of the builtin one."""
