"""The kinds of case, one file each. Only `lyhord.cases.kind.KINDS` loads them."""
