"""The screens. Views load, check, call an action, render; nothing is decided here."""
