"""The renderers under measurement, one module each, one process a measurement."""
