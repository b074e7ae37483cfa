"""How the jobs of the clock go. Nobody writes them here; one may be done sooner."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from scheduling.admin.instants import spoken
from scheduling.admin.public_identity import PublicIdentityAdmin
from scheduling.jobs import asking
from scheduling.jobs.registry import JOBS
from scheduling.models import Job

LATE: Final = timedelta(minutes=10)  # nobody did what is due since then: does anybody?
SHOWN: Final = ("label", "state", "result", "failures", "started", "finished", "done", "due")
BY_NAME: Final = {job.name: job for job in JOBS}


def nobody_works(now: datetime) -> bool:
    """Whether something is due for long and nobody does it, or nothing was ever done."""
    late = Job.objects.filter(is_on=True, due_at__lt=now - LATE).exclude(lease_ends_at__gt=now)
    return late.exists() or not Job.objects.exists()


@admin.register(Job)
class JobAdmin(PublicIdentityAdmin):
    list_display = ["label", "state", "result", "done", "due"]
    list_display_links = None
    actions = ["do_now"]
    fields = SHOWN
    readonly_fields = SHOWN

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Job, form: Any, change: bool) -> None:
        """Nothing of it can be written here; and the row may be somebody's who does the job now."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Job]:
        return super().get_queryset(request).filter(name__in=BY_NAME)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if request.method == "GET" and nobody_works(timezone.now()):
            said = gettext("Nobody does the jobs now. Is manage.py run_jobs --watch running?")
            messages.warning(request, said)
        title = {"title": self.opts.verbose_name_plural}
        return super().changelist_view(request, {**title, **(extra_context or {})})

    @admin.display(description=_("job"), ordering="name")
    def label(self, job: Job) -> str:
        return str(BY_NAME[job.name].label)

    @admin.display(description=_("state"))
    def state(self, job: Job) -> str:
        if not job.is_on:
            return gettext("Not set up")
        if job.lease_ends_at is not None and job.lease_ends_at > timezone.now():
            return gettext("Being done")
        if job.succeeded is None:
            return gettext("Not done yet")
        return pgettext("a job", "Done") if job.succeeded else gettext("Failed")

    @admin.display(description=_("started"))
    def started(self, job: Job) -> str:
        return spoken(job.started_at) if job.started_at else gettext("Never")

    @admin.display(description=_("finished"))
    def finished(self, job: Job) -> str:
        return spoken(job.finished_at) if job.finished_at else gettext("Never")

    @admin.display(description=_("last done"), ordering="succeeded_at")
    def done(self, job: Job) -> str:
        return spoken(job.succeeded_at) if job.succeeded_at else gettext("Never")

    @admin.display(description=_("due"), ordering="due_at")
    def due(self, job: Job) -> str:
        return spoken(job.due_at) if job.is_on else ""

    @admin.action(description=_("Do it now"), permissions=["change"])
    def do_now(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        count = asking.ask(queryset.values_list("name", flat=True), now=timezone.now())
        said = ngettext("%(count)s job is done next.", "%(count)s jobs are done next.", count)
        self.message_user(request, said % {"count": count}, messages.SUCCESS)
