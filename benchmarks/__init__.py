"""Figures of citeman beside its peers, on generated but realistic libraries: `python -m benchmarks`."""
