"""Case types, categories, rules and what the suggestion has learnt are settings (core/kept.py)."""

from django.db import migrations

from lyhord.organisations.edition import trigger

TABLES = ("cases_casetype", "cases_casetypeversion", "cases_category", "cases_ruleset", "cases_suggestionmodel")


class Migration(migrations.Migration):
    dependencies = [("cases", "0014_documents"), ("organisations", "0004_edition")]

    operations = [trigger(table) for table in TABLES]
