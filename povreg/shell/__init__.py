"""What makes the two commands work: installing, running, checking, the environment and the embedded servers."""
