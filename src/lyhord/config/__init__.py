"""How Lyhörd is put together and started: settings, urls, the embedded database, the command."""
