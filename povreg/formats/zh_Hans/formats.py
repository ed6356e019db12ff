"""How numbers are written for readers: thousands in groups of three, as county reports print them."""

THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
