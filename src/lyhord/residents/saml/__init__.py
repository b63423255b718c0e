"""Log-in by SAML 2.0: Web Browser SSO, asked by redirect and answered by a form (Profiles 4.1; ADR 24)."""
