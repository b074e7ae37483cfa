"""The back office as a whole."""

from django.conf import settings
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

admin.site.site_header = settings.CLINIC_NAME
admin.site.site_title = settings.CLINIC_NAME
admin.site.index_title = _("Back office")
admin.site.empty_value_display = "–"
# Rows are deleted one at a time, on a page that names what hangs on them.
admin.site.disable_action("delete_selected")
