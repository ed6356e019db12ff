"""The arithmetic of the signs: arrays in, one likelihood a village out; nothing of pages, rows or rights."""
