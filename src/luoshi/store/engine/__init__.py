"""Django's PostgreSQL engine, which looks at the socket where Django asks the server."""
