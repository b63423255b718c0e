"""What residents see: telling, following, reading what others have told. No log-in and no session anywhere."""
