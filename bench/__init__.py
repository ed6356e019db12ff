"""Benchmarks: reproducible data, figures as ratios where a ratio exists, results as JSON (docs/performance.md)."""
