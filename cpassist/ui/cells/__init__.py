"""Widgets for cells of one's own: they compose with those of ipywidgets, and draw what a cell shows."""
