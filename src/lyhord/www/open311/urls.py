"""Everything under /open311/ goes to one door, so that what does not exist there is refused in the right format."""

from django.urls import re_path

from lyhord.www.open311.endpoint import endpoint

app_name = "open311"
urlpatterns = [re_path(r"^(?P<rest>.*)$", endpoint, name="endpoint")]
