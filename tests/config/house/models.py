"""One table, so that there is something to seed."""

from django.db import models


class Organisation(models.Model):
    """Something the demo makes."""

    id = models.BigAutoField(primary_key=True)
    name = models.TextField()

    class Meta:
        app_label = "organisations"

    def __str__(self) -> str:
        return self.name
