"""Comparison with departments (部门比对): lists taken in sealed, matched, answered, deleted by a day."""
