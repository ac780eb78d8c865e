"""Published editions: their folders, their recorded inputs, what their pages print."""
