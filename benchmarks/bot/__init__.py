"""The bot under load: its process, the clients that use it, and what is watched of it."""
