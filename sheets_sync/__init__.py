"""Keeps a shared partner tracker fresh: judges its rows and writes back what to do next."""

__version__ = "0.1.0"
