"""The arithmetic of samples: plain values in, plain values out; nothing of pages, rows or rights."""
