"""A subject of an app that povreg does not have: wells of households. It touches no file of a lower layer."""
