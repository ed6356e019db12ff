"""How the installation is: the same checks for `doctor`, the page of the administrators, and Prometheus."""
