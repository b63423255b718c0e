"""What every app may use and that has no tables: errors, clock, registry, tenancy, text."""
