"""The site: settings, addresses and start-up checks; the only place that knows every room."""
