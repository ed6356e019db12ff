"""What takes minutes or ends processes on purpose: run by `make drill`, `make production`, `make soak` and
`make lists`."""
