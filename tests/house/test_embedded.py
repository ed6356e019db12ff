"""The embedded servers: started once, stopped by the last one out, however the others ended."""
