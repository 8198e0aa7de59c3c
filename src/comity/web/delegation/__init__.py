"""My delegation on the web: what needs action, texts to clear and send, deadlines, digest and calendar."""
