"""What a household needs and wants: asked before anything is planned or anybody paired."""
