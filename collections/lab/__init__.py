"""The laboratory: movable time, the demo book, and the door through which scenarios set a scene. DEMO only."""
