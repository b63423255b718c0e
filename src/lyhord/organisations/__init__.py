"""Who uses Lyhörd: organisations, their host names, units and brand; and the walls between them."""
