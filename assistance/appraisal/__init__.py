"""Appraisal of helpers: visits, measures, results, satisfaction; one row a cadre."""
