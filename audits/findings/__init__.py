"""Findings and their rectification (疑点、整改): what is wrong, who puts it right by when, who verified it."""
