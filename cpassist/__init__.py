"""A case-planning assistant for child protection: from assessed needs to one support package."""

__version__ = "0.1.0"
