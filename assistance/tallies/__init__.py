"""Counts of assistance follow what verbs save: the verbs say where, whoever counts registers how."""
